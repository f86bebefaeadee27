namespace Ringmaster.Firmware;

/// <summary>The checksum of ACPI, SMBIOS and MP tables: a byte that makes the sum of all zero.</summary>
internal static class Checksum
{
    /// <summary>Sets it, whatever the byte was before.</summary>
    /// <param name="bytes">What is summed up.</param>
    /// <param name="offset">Where the byte is among them.</param>
    public static void Set(Span<byte> bytes, int offset)
    {
        bytes[offset] = 0;
        byte sum = 0;
        foreach (var value in bytes)
            sum = unchecked((byte)(sum + value));
        bytes[offset] = unchecked((byte)-sum);
    }
}
