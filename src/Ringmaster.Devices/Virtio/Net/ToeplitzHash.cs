using System.Buffers.Binary;

namespace Ringmaster.Devices.Virtio.Net;

/// <summary>The hash that receive-side scaling goes by: each bit of the input that is set adds the key from there on (modulo 2).</summary>
internal static class ToeplitzHash
{
    /// <summary>Works it out.</summary>
    /// <param name="key">At least 8 bytes. Behind its end there are zeros.</param>
    /// <param name="input">The bytes, as they are in the frame.</param>
    public static uint Of(ReadOnlySpan<byte> key, ReadOnlySpan<byte> input)
    {
        uint hash = 0;
        var window = BinaryPrimitives.ReadUInt64BigEndian(key);
        for (var i = 0; i < input.Length; i++)
        {
            for (var bit = 0x80; bit != 0; bit >>= 1)
            {
                if ((input[i] & bit) != 0)
                    hash ^= (uint)(window >> 32);
                window <<= 1;
            }
            if (i + 8 < key.Length)
                window |= key[i + 8];
        }
        return hash;
    }
}
