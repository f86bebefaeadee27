using System.Buffers.Binary;

namespace Ringmaster.Backends.Tests.Display;

/// <summary>A pixel format as a client sees it.</summary>
internal sealed record ClientFormat(int Bits, int Depth, bool IsBig, int Red, int Green, int Blue, int RedShift, int GreenShift, int BlueShift)
{
    internal static ClientFormat Native { get; } = new(32, 24, false, 255, 255, 255, 16, 8, 0);

    internal int Bytes => Bits / 8;

    internal int TightBytes => Bits == 32 && Depth == 24 && Red == 255 && Green == 255 && Blue == 255 ? 3 : Bytes;

    internal byte[] Message
    {
        get
        {
            var bytes = new byte[20];
            (bytes[4], bytes[5], bytes[6], bytes[7]) = ((byte)Bits, (byte)Depth, (byte)(IsBig ? 1 : 0), 1);
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(8), (ushort)Red);
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(10), (ushort)Green);
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(12), (ushort)Blue);
            (bytes[14], bytes[15], bytes[16]) = ((byte)RedShift, (byte)GreenShift, (byte)BlueShift);
            return bytes;
        }
    }

    internal uint Number(byte[] bytes) => (uint)bytes.Select((b, i) => (long)b << (8 * (IsBig ? bytes.Length - 1 - i : i))).Sum();

    /// <summary>A pixel of ZRLE: three bytes where they hold all colours.</summary>
    internal uint CompressedNumber(Func<int, byte[]> read)
    {
        var used = ((uint)Red << RedShift) | ((uint)Green << GreenShift) | ((uint)Blue << BlueShift);
        if (Bits != 32 || Depth > 24 || (used > 0xFF_FFFF && (used & 0xFF) != 0))
            return Number(read(Bytes));
        return used <= 0xFF_FFFF ? Number(read(3)) : Number(read(3)) << 8;
    }

    internal uint TightNumber(Func<int, byte[]> read)
    {
        var bytes = read(TightBytes);
        return TightBytes == 3 ? Of((uint)(bytes[0] << 16 | bytes[1] << 8 | bytes[2])) : Number(bytes);
    }

    /// <summary>The number of a colour 00RRGGBBh, to the nearest.</summary>
    internal uint Of(uint colour) =>
        Nearest(colour >> 16, Red) << RedShift | Nearest(colour >> 8, Green) << GreenShift | Nearest(colour, Blue) << BlueShift;

    private static uint Nearest(uint part, int most) => (uint)Math.Round((part & 0xFF) * (double)most / 255, MidpointRounding.AwayFromZero);
}
