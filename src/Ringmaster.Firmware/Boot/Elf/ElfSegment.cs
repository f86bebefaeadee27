namespace Ringmaster.Firmware.Boot.Elf;

/// <summary>A program header (ELF "Program Header").</summary>
/// <param name="Type">1 is PT_LOAD, 4 is PT_NOTE.</param>
/// <param name="Flags">Bit 0 is PF_X.</param>
/// <param name="Offset">Of its bytes in the file.</param>
/// <param name="VirtualAddress">Where it is linked to run.</param>
/// <param name="PhysicalAddress">Where it is loaded.</param>
/// <param name="FileSize">Bytes in the file.</param>
/// <param name="MemorySize">Bytes in memory; those beyond <paramref name="FileSize"/> are zero.</param>
/// <param name="Alignment">Of the entries of a note segment.</param>
internal readonly record struct ElfSegment(
    uint Type, uint Flags, ulong Offset, ulong VirtualAddress, ulong PhysicalAddress, ulong FileSize, ulong MemorySize, ulong Alignment)
{
    public const uint Load = 1, Note = 4;

    public bool IsExecutable => (Flags & 1) != 0;
}
