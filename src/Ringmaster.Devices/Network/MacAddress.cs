using System.Buffers.Binary;
using System.Globalization;

namespace Ringmaster.Devices.Network;

/// <summary>An Ethernet address.</summary>
/// <param name="Value">The six bytes as a number, the first of them the most significant.</param>
public readonly record struct MacAddress(ulong Value)
{
    /// <summary>Bytes in an address.</summary>
    public const int Size = 6;

    private const ulong GroupBit = 1UL << 40, LocalBit = 2UL << 40;

    /// <summary>Whether frames to it are for several receivers (IEEE 802, I/G bit), as those to all are.</summary>
    public bool IsGroup => (Value & GroupBit) != 0;

    /// <summary>Whether it was chosen locally rather than by a manufacturer (IEEE 802, U/L bit).</summary>
    public bool IsLocal => (Value & LocalBit) != 0;

    /// <summary>Reads an address from the start of <paramref name="bytes"/>, which has at least six.</summary>
    public static MacAddress Read(ReadOnlySpan<byte> bytes) =>
        new((ulong)BinaryPrimitives.ReadUInt16BigEndian(bytes) << 32 | BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]));

    /// <summary>Reads <c>52:54:00:12:34:56</c>; dashes do as well.</summary>
    public static bool TryParse(string? text, out MacAddress address)
    {
        address = default;
        var parts = (text ?? "").Split(':', '-');
        if (parts.Length != Size)
            return false;
        ulong value = 0;
        foreach (var part in parts)
        {
            if (part.Length is 0 or > 2 || !byte.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
                return false;
            value = value << 8 | octet;
        }
        address = new(value);
        return true;
    }

    /// <summary>Writes the six bytes to the start of <paramref name="bytes"/>.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)(Value >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(bytes[2..], (uint)Value);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        Write(bytes);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes[0]:x2}:{bytes[1]:x2}:{bytes[2]:x2}:{bytes[3]:x2}:{bytes[4]:x2}:{bytes[5]:x2}");
    }
}
