namespace Ringmaster.Firmware.Tests.Images;

/// <summary>A synthetic ELF executable with one load segment and, if asked for, one note segment.</summary>
internal sealed record ElfFile
{
    public bool Is64Bit { get; init; } = true;
    public ulong Entry { get; init; } = 0x10_0000;
    public ulong VirtualAddress { get; init; } = 0x10_0000;
    public ulong PhysicalAddress { get; init; } = 0x10_0000;
    public byte[] Code { get; init; } = [0xF4, 0xEB, 0xFD];
    public ulong? MemorySize { get; init; }
    public byte[]? Note { get; init; }
    public ushort Machine { get; init; } = 62;
    public ushort Type { get; init; } = 2;

    /// <summary>A note of the name "Xen" that gives the PVH entry point.</summary>
    public static byte[] PvhNote(uint entry) => new ByteWriter().U32(4).U32(4).U32(18).Ascii("Xen\0").U32(entry).ToArray();

    public byte[] ToArray()
    {
        var headerSize = Is64Bit ? 64 : 52;
        var segmentSize = Is64Bit ? 56 : 32;
        var segments = Note is null ? 1 : 2;
        var codeOffset = headerSize + segments * segmentSize;
        var file = new ByteWriter().Bytes("\u007fELF"u8).U8(Is64Bit ? 2 : 1).U8(1).U8(1).Zeros(9).U16(Type).U16(Machine).U32(1);
        Word(file, Entry);
        Word(file, (ulong)headerSize);
        Word(file, 0);
        file.U32(0).U16(headerSize).U16(segmentSize).U16(segments).U16(0).U16(0).U16(0);
        Segment(file, 1, 5, (ulong)codeOffset, VirtualAddress, PhysicalAddress, (ulong)Code.Length, MemorySize ?? (ulong)Code.Length);
        if (Note is not null)
            Segment(file, 4, 4, (ulong)(codeOffset + Code.Length), 0, 0, (ulong)Note.Length, (ulong)Note.Length);
        return file.Bytes(Code).Bytes(Note).ToArray();
    }

    private void Segment(ByteWriter file, uint type, uint flags, ulong offset, ulong virtualAddress, ulong physicalAddress, ulong fileSize, ulong memorySize)
    {
        file.U32(type);
        if (Is64Bit)
            file.U32(flags).U64(offset).U64(virtualAddress).U64(physicalAddress).U64(fileSize).U64(memorySize).U64(4);
        else
            file.U32((uint)offset).U32((uint)virtualAddress).U32((uint)physicalAddress).U32((uint)fileSize).U32((uint)memorySize).U32(flags).U32(4);
    }

    private void Word(ByteWriter file, ulong value)
    {
        if (Is64Bit)
            file.U64(value);
        else
            file.U32((uint)value);
    }
}
