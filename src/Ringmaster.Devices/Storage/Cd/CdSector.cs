using System.Buffers.Binary;

namespace Ringmaster.Devices.Storage.Cd;

/// <summary>A block of mode 1 on a CD (ECMA-130 14): sync pattern, header, data, and the codes that protect them.</summary>
internal static class CdSector
{
    /// <summary>Bytes of data.</summary>
    public const int UserLength = 2048;

    /// <summary>Bytes of a whole block.</summary>
    public const int FullLength = 2352;

    private const int SyncLength = 12, HeaderLength = 4, UserStart = SyncLength + HeaderLength, CodesStart = UserStart + UserLength;
    private const int ParityStart = CodesStart + 12, SecondParityStart = ParityStart + 172, CodesLength = FullLength - CodesStart;
    private const uint DetectionPolynomial = 0xD801_8001;

    private static readonly uint[] s_detection = [.. Enumerable.Range(0, 256).Select(i => DetectionEntry((uint)i))];

    /// <summary>Bytes of some parts.</summary>
    public static int Length(CdFields fields) =>
        (fields.HasFlag(CdFields.Sync) ? SyncLength : 0) + (fields.HasFlag(CdFields.Header) ? HeaderLength : 0)
        + (fields.HasFlag(CdFields.User) ? UserLength : 0) + (fields.HasFlag(CdFields.Codes) ? CodesLength : 0);

    /// <summary>Makes the parts of a block.</summary>
    /// <param name="block">Its address.</param>
    /// <param name="user">Its data.</param>
    /// <param name="fields">The parts.</param>
    /// <param name="into">Gets them; as many bytes as <see cref="Length"/> says.</param>
    public static void Make(uint block, ReadOnlySpan<byte> user, CdFields fields, Span<byte> into)
    {
        Span<byte> whole = stackalloc byte[FullLength];
        whole.Clear();
        whole[1..(SyncLength - 1)].Fill(0xFF);
        CdTime.FromBlock(block).WriteBcd(whole[SyncLength..]);
        whole[UserStart - 1] = 1; // mode
        user.CopyTo(whole[UserStart..]);
        if (fields.HasFlag(CdFields.Codes))
            Protect(whole);
        Take(whole[..SyncLength], fields.HasFlag(CdFields.Sync), ref into);
        Take(whole[SyncLength..UserStart], fields.HasFlag(CdFields.Header), ref into);
        Take(whole[UserStart..CodesStart], fields.HasFlag(CdFields.User), ref into);
        Take(whole[CodesStart..], fields.HasFlag(CdFields.Codes), ref into);
    }

    private static void Take(scoped ReadOnlySpan<byte> part, bool isWanted, ref Span<byte> into)
    {
        if (!isWanted)
            return;
        part.CopyTo(into);
        into = into[part.Length..];
    }

    /// <summary>Adds the error detection code (ECMA-130 14.3) and both layers of parity (annex A).</summary>
    private static void Protect(Span<byte> whole)
    {
        uint detection = 0;
        foreach (var value in whole[..CodesStart])
            detection = detection >> 8 ^ s_detection[(byte)(detection ^ value)];
        BinaryPrimitives.WriteUInt32LittleEndian(whole[CodesStart..], detection);
        var data = whole[SyncLength..];
        Parity(data, vectors: 86, length: 24, ahead: 2, along: 86, ParityStart - SyncLength);
        Parity(data, vectors: 52, length: 43, ahead: 86, along: 88, SecondParityStart - SyncLength);
    }

    /// <summary>
    /// One layer of the product code: each vector of bytes gets two, such that the vector is a multiple of (x + 1)(x + a) over the
    /// field of 256 elements with polynomial x^8 + x^4 + x^3 + x^2 + 1.
    /// </summary>
    private static void Parity(Span<byte> data, int vectors, int length, int ahead, int along, int at)
    {
        var size = vectors * length;
        for (var vector = 0; vector < vectors; vector++)
        {
            var index = (vector >> 1) * ahead + (vector & 1);
            byte weighted = 0, sum = 0;
            for (var i = 0; i < length; i++)
            {
                var value = data[index];
                index += along;
                if (index >= size)
                    index -= size;
                weighted = Double((byte)(weighted ^ value));
                sum ^= value;
            }
            // With p and q behind the vector: p + q = sum, and a*p + q = what the weights make of the rest.
            var first = OverThree((byte)(Double(weighted) ^ sum));
            data[at + vector] = first;
            data[at + vectors + vector] = (byte)(first ^ sum);
        }
    }

    /// <summary>Times a.</summary>
    private static byte Double(byte value) => (byte)(value << 1 ^ ((value & 0x80) != 0 ? 0x1D : 0));

    /// <summary>Divided by a + 1: the inverse of x + 2x, found as its 254th power.</summary>
    private static byte OverThree(byte value)
    {
        var (result, power) = (value, (byte)3);
        for (var i = 0; i < 7; i++)
        {
            power = Times(power, power);
            result = Times(result, power);
        }
        return result;
    }

    private static byte Times(byte a, byte b)
    {
        byte product = 0;
        for (; b != 0; b >>= 1, a = Double(a))
        {
            if ((b & 1) != 0)
                product ^= a;
        }
        return product;
    }

    private static uint DetectionEntry(uint value)
    {
        for (var bit = 0; bit < 8; bit++)
            value = value >> 1 ^ ((value & 1) != 0 ? DetectionPolynomial : 0);
        return value;
    }
}
