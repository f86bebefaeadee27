namespace Ringmaster.Firmware.Acpi;

/// <summary>A field that holds a table's address: until the tables are placed, its offset in <see cref="AcpiTables.Tables"/>.</summary>
/// <param name="InRsdp">Whether the field is in the RSDP; else it is in the tables.</param>
/// <param name="Offset">Of the field.</param>
/// <param name="Size">Of the field, 4 or 8 bytes.</param>
internal readonly record struct AcpiTablePointer(bool InRsdp, int Offset, int Size);
