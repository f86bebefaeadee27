using Ringmaster.Firmware.Acpi;

namespace Ringmaster.Firmware.FwCfg;

/// <summary>
/// The linker script by which firmware places ACPI tables: records of 128 bytes that allocate a file, add a file's address to
/// a field, or set a checksum.
/// </summary>
internal static class TableLoaderScript
{
    public const string TablesFile = "etc/acpi/tables", RsdpFile = "etc/acpi/rsdp";

    private const int RecordSize = 128, NameSize = 56, RsdpAlignment = 16, HighMemory = 1, BiosSegment = 2;
    private const uint Allocate = 1, AddPointer = 2, AddChecksum = 3;

    public static byte[] Build(AcpiTables tables)
    {
        var script = new ByteWriter();
        End(Begin(script, Allocate, RsdpFile).U32(RsdpAlignment).U8(BiosSegment));
        End(Begin(script, Allocate, TablesFile).U32(AcpiTables.Alignment).U8(HighMemory));
        foreach (var pointer in tables.Pointers)
            End(Name(Begin(script, AddPointer, File(pointer.InRsdp)), TablesFile).U32((uint)pointer.Offset).U8(pointer.Size));
        // Checksums come last, when all fields have their final values.
        foreach (var checksum in tables.Checksums)
            End(Begin(script, AddChecksum, File(checksum.InRsdp)).U32((uint)checksum.Offset).U32((uint)checksum.Start).U32((uint)checksum.Length));
        return script.ToArray();
    }

    private static string File(bool isRsdp) => isRsdp ? RsdpFile : TablesFile;

    private static ByteWriter Begin(ByteWriter script, uint command, string file) => Name(script.U32(command), file);

    private static ByteWriter Name(ByteWriter script, string file) => script.Ascii(file, NameSize, '\0');

    private static void End(ByteWriter script) => script.Align(RecordSize);
}
