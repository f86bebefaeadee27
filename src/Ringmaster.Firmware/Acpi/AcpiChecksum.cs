namespace Ringmaster.Firmware.Acpi;

/// <summary>A checksum byte: it makes the sum of a range zero.</summary>
/// <param name="InRsdp">Whether range and byte are in the RSDP; else they are in the tables.</param>
/// <param name="Offset">Of the byte.</param>
/// <param name="Start">Of the range.</param>
/// <param name="Length">Of the range.</param>
internal readonly record struct AcpiChecksum(bool InRsdp, int Offset, int Start, int Length)
{
    public void Apply(Span<byte> bytes) => Checksum.Set(bytes.Slice(Start, Length), Offset - Start);
}
