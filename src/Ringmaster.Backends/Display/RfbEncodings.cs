using Ringmaster.Backends.Display.Encoding;

namespace Ringmaster.Backends.Display;

/// <summary>What a client understands (RFC 6143, 7.5.2; rfbproto, "SetEncodings").</summary>
internal sealed record RfbEncodings
{
    internal const int DesktopSizeId = -223, PointerMotionId = -257, ExtendedKeysId = -258, ExtendedDesktopSizeId = -308;

    /// <summary>The way to send pixels: the first of the client's list that is known here.</summary>
    internal int Pixels { get; init; } = RawEncoder.Id;

    /// <summary>It takes pictures of another size.</summary>
    internal bool Resizes { get; init; }

    /// <summary>It takes pictures of another size with a layout of screens.</summary>
    internal bool ResizesScreens { get; init; }

    /// <summary>It can send scan codes.</summary>
    internal bool SendsCodes { get; init; }

    /// <summary>It can send movements of the pointer.</summary>
    internal bool SendsMovements { get; init; }

    /// <summary>Reads the message's list.</summary>
    /// <param name="input">The connection.</param>
    /// <param name="count">Entries of the list.</param>
    internal static RfbEncodings Read(RfbInput input, int count)
    {
        var encodings = new RfbEncodings();
        var hasPixels = false;
        for (var i = 0; i < count; i++)
        {
            switch ((int)input.ReadUInt32())
            {
                case var id and (RawEncoder.Id or HextileEncoder.Id or ZrleEncoder.Id or TightEncoder.Id) when !hasPixels:
                    hasPixels = true;
                    encodings = encodings with { Pixels = id };
                    break;
                case DesktopSizeId:
                    encodings = encodings with { Resizes = true };
                    break;
                case ExtendedDesktopSizeId:
                    encodings = encodings with { Resizes = true, ResizesScreens = true };
                    break;
                case ExtendedKeysId:
                    encodings = encodings with { SendsCodes = true };
                    break;
                case PointerMotionId:
                    encodings = encodings with { SendsMovements = true };
                    break;
            }
        }
        return encodings;
    }
}
