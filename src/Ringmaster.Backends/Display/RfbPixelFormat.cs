using System.Buffers.Binary;
using System.Numerics;

namespace Ringmaster.Backends.Display;

/// <summary>How a client wants its pixels (RFC 6143, 7.4).</summary>
/// <param name="Bits">Bits of a pixel: 8, 16 or 32.</param>
/// <param name="Depth">How many of them mean something.</param>
/// <param name="IsBigEndian">The order of a pixel's bytes.</param>
/// <param name="RedMost">The brightest red, one less than a power of two.</param>
/// <param name="GreenMost">The brightest green.</param>
/// <param name="BlueMost">The brightest blue.</param>
/// <param name="RedShift">How far red is moved to the left.</param>
/// <param name="GreenShift">The same of green.</param>
/// <param name="BlueShift">The same of blue.</param>
internal readonly record struct RfbPixelFormat(
    int Bits, int Depth, bool IsBigEndian, int RedMost, int GreenMost, int BlueMost, int RedShift, int GreenShift, int BlueShift)
{
    /// <summary>Bytes of a format in a message.</summary>
    internal const int Size = 16;

    /// <summary>What the server has: 00RRGGBBh, the low byte first.</summary>
    internal static RfbPixelFormat Native { get; } = new(32, 24, false, 255, 255, 255, 16, 8, 0);

    /// <summary>What stands for a colour map: the server sets the client's map so that an index has three bits of red and green and two of blue.</summary>
    internal static RfbPixelFormat Mapped { get; } = new(8, 8, false, 7, 7, 3, 5, 2, 0);

    /// <summary>Bytes of a pixel.</summary>
    internal int BytesPerPixel => Bits / 8;

    /// <summary>Whether three bytes hold all of a pixel of four, which ZRLE and Tight then leave at that.</summary>
    internal bool FitsThreeBytes => Bits == 32 && Depth <= 24 && (FitsLow || FitsHigh);

    /// <summary>The first of the three bytes that a compressed pixel consists of, in the order of sending.</summary>
    internal int FirstOfThree => FitsLow == IsBigEndian ? 1 : 0;

    /// <summary>Whether a Tight pixel is red, green and blue, a byte each (rfbproto, "Tight Encoding").</summary>
    internal bool HasBytesOfColour => Bits == 32 && Depth == 24 && RedMost == 255 && GreenMost == 255 && BlueMost == 255;

    private bool FitsLow => Top <= 24;

    private bool FitsHigh => Math.Min(RedShift, Math.Min(GreenShift, BlueShift)) >= 8;

    private int Top => Math.Max(TopOf(RedMost, RedShift), Math.Max(TopOf(GreenMost, GreenShift), TopOf(BlueMost, BlueShift)));

    /// <summary>Reads a format from a message.</summary>
    /// <returns>False for one that no pixel can have.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> from, out RfbPixelFormat format, out bool isMapped)
    {
        isMapped = from[3] == 0;
        if (isMapped)
        {
            format = Mapped;
            return from[0] == 8;
        }
        format = new RfbPixelFormat(
            from[0], from[1], from[2] != 0, BinaryPrimitives.ReadUInt16BigEndian(from[4..]), BinaryPrimitives.ReadUInt16BigEndian(from[6..]),
            BinaryPrimitives.ReadUInt16BigEndian(from[8..]), from[10], from[11], from[12]);
        return format.IsPossible;
    }

    /// <summary>Writes the format into a message.</summary>
    internal void Write(Span<byte> into)
    {
        into[..Size].Clear();
        (into[0], into[1], into[2], into[3]) = ((byte)Bits, (byte)Depth, (byte)(IsBigEndian ? 1 : 0), 1);
        BinaryPrimitives.WriteUInt16BigEndian(into[4..], (ushort)RedMost);
        BinaryPrimitives.WriteUInt16BigEndian(into[6..], (ushort)GreenMost);
        BinaryPrimitives.WriteUInt16BigEndian(into[8..], (ushort)BlueMost);
        (into[10], into[11], into[12]) = ((byte)RedShift, (byte)GreenShift, (byte)BlueShift);
    }

    /// <summary>Makes a client's pixel of one of the server's, as a number.</summary>
    internal uint Convert(uint pixel)
    {
        if (RedMost == 255 && GreenMost == 255 && BlueMost == 255)
            return ((pixel >> 16) & 0xFF) << RedShift | ((pixel >> 8) & 0xFF) << GreenShift | (pixel & 0xFF) << BlueShift;
        return Scale((pixel >> 16) & 0xFF, RedMost) << RedShift | Scale((pixel >> 8) & 0xFF, GreenMost) << GreenShift
            | Scale(pixel & 0xFF, BlueMost) << BlueShift;
    }

    /// <summary>Writes a client's pixel.</summary>
    /// <returns>How many bytes it has.</returns>
    internal int Put(Span<byte> into, uint value)
    {
        switch (Bits)
        {
            case 8:
                into[0] = (byte)value;
                return 1;
            case 16:
                if (IsBigEndian)
                    BinaryPrimitives.WriteUInt16BigEndian(into, (ushort)value);
                else
                    BinaryPrimitives.WriteUInt16LittleEndian(into, (ushort)value);
                return 2;
            default:
                if (IsBigEndian)
                    BinaryPrimitives.WriteUInt32BigEndian(into, value);
                else
                    BinaryPrimitives.WriteUInt32LittleEndian(into, value);
                return 4;
        }
    }

    private bool IsPossible =>
        Bits is 8 or 16 or 32 && Depth >= 1 && Depth <= Bits && IsMost(RedMost) && IsMost(GreenMost) && IsMost(BlueMost)
        && TopOf(RedMost, RedShift) <= Bits && TopOf(GreenMost, GreenShift) <= Bits && TopOf(BlueMost, BlueShift) <= Bits;

    private static bool IsMost(int most) => BitOperations.IsPow2(most + 1);

    private static int TopOf(int most, int shift) => shift + BitOperations.PopCount((uint)most);

    private static uint Scale(uint part, int most) => (part * (uint)most + 127) / 255;
}
