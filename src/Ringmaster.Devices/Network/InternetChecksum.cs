using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ringmaster.Devices.Network;

/// <summary>The 16-bit ones' complement sum of IP, TCP and UDP (RFC 1071).</summary>
/// <remarks>
/// Sums are kept in the host's byte order and only folded at the end: the sum of swapped bytes is the swapped sum
/// (RFC 1071 section 2 B). Adding up the parts of a message needs all parts but the last to have an even length.
/// </remarks>
public static class InternetChecksum
{
    /// <summary>Bytes after which the lanes of the vectorised sum are emptied; each adds 16 bits a round and holds 32.</summary>
    private const int LongestRun = 512 * 1024;

    /// <summary>Adds bytes to a sum that is not folded yet. An odd last byte counts as the first of a pair with 0.</summary>
    public static ulong Add(ulong sum, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= Vector256<byte>.Count)
        {
            var run = bytes[..(Math.Min(bytes.Length, LongestRun) & ~(Vector256<byte>.Count - 1))];
            sum += AddVectors(MemoryMarshal.Cast<byte, ushort>(run));
            bytes = bytes[run.Length..];
        }
        while (bytes.Length >= sizeof(ushort))
        {
            sum += MemoryMarshal.Read<ushort>(bytes);
            bytes = bytes[sizeof(ushort)..];
        }
        if (bytes.Length > 0)
            sum += BitConverter.IsLittleEndian ? bytes[0] : (uint)bytes[0] << 8;
        return sum;
    }

    /// <summary>Adds a number to a sum as if it were its two bytes, the more significant one first.</summary>
    public static ulong Add(ulong sum, ushort value) => sum + (BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    /// <summary>The checksum of what was added: its complement, as a number. A message that contains its checksum has 0.</summary>
    public static ushort Fold(ulong sum)
    {
        sum = (sum >> 32) + (uint)sum;
        sum = (sum >> 32) + (uint)sum;
        sum = (sum >> 16) + (ushort)sum;
        sum = (sum >> 16) + (ushort)sum;
        var folded = (ushort)~((sum >> 16) + (ushort)sum);
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(folded) : folded;
    }

    /// <summary>The checksum of bytes.</summary>
    public static ushort Of(ReadOnlySpan<byte> bytes) => Fold(Add(0, bytes));

    private static ulong AddVectors(ReadOnlySpan<ushort> words)
    {
        var low = Vector256<uint>.Zero;
        var high = Vector256<uint>.Zero;
        foreach (ref readonly var vector in MemoryMarshal.Cast<ushort, Vector256<ushort>>(words))
        {
            var (even, odd) = Vector256.Widen(vector);
            low += even;
            high += odd;
        }
        var (a, b) = Vector256.Widen(low);
        var (c, d) = Vector256.Widen(high);
        return Vector256.Sum(a + b + c + d);
    }
}
