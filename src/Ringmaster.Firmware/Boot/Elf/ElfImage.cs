using System.Buffers.Binary;

namespace Ringmaster.Firmware.Boot.Elf;

/// <summary>A little-endian x86 ELF executable, 32-bit or 64-bit (System V gABI chapters 4 and 5).</summary>
internal sealed class ElfImage
{
    private const int MostSegments = 256, HeaderSize32 = 52, HeaderSize64 = 64, EntrySize32 = 32, EntrySize64 = 56;
    private const byte LittleEndian = 1;
    private const ushort Executable = 2, SharedObject = 3, Machine386 = 3, MachineX64 = 62;
    private readonly ReadOnlyMemory<byte> _file;

    private ElfImage(ReadOnlyMemory<byte> file, bool is64Bit, ulong entry, ElfSegment[] segments)
    {
        _file = file;
        Is64Bit = is64Bit;
        Entry = entry;
        Segments = segments;
    }

    public bool Is64Bit { get; }

    /// <summary>e_entry as it stands.</summary>
    public ulong Entry { get; }

    public IReadOnlyList<ElfSegment> Segments { get; }

    /// <summary>
    /// The entry's physical address. e_entry is virtual by the ELF standard; kernels that are linked high give a physical one,
    /// which then lies in no executable segment's virtual range.
    /// </summary>
    public ulong PhysicalEntry
    {
        get
        {
            foreach (var segment in Segments)
            {
                if (segment.Type == ElfSegment.Load && segment.IsExecutable && Entry - segment.VirtualAddress < segment.MemorySize)
                    return Entry - segment.VirtualAddress + segment.PhysicalAddress;
            }
            return Entry;
        }
    }

    public static bool IsPresent(ReadOnlySpan<byte> file) => file.StartsWith("\u007fELF"u8);

    /// <exception cref="KernelLoadException">The file is truncated, damaged or for another machine.</exception>
    public static ElfImage Read(ReadOnlyMemory<byte> file)
    {
        var bytes = file.Span;
        if (bytes.Length < HeaderSize32)
            throw Truncated();
        var is64Bit = bytes[4] switch
        {
            1 => false,
            2 => true,
            _ => throw new KernelLoadException($"The ELF kernel is of class {bytes[4]}, neither 32-bit nor 64-bit; the image is damaged, copy it again."),
        };
        if (bytes.Length < (is64Bit ? HeaderSize64 : HeaderSize32))
            throw Truncated();
        var machine = BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]);
        if (bytes[5] != LittleEndian || machine is not (Machine386 or MachineX64))
            throw new KernelLoadException($"The ELF kernel is for another kind of machine (e_machine {machine}); use one for x86.");
        var type = BinaryPrimitives.ReadUInt16LittleEndian(bytes[16..]);
        if (type is not (Executable or SharedObject))
            throw new KernelLoadException($"The ELF file is no executable (e_type {type}); link it before booting it.");

        var table = is64Bit ? BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]);
        var entrySize = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(is64Bit ? 54 : 42)..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(is64Bit ? 56 : 44)..]);
        if (entrySize < (is64Bit ? EntrySize64 : EntrySize32) || count is 0 or > MostSegments)
            throw new KernelLoadException(
                $"The ELF kernel has {count} program headers of {entrySize} bytes, which cannot be right; copy the file again or " +
                "link it as an executable.");
        if (!Holds(bytes, table, (ulong)entrySize * count))
            throw Truncated();

        var segments = new ElfSegment[count];
        for (var i = 0; i < count; i++)
        {
            var header = bytes.Slice((int)table + i * entrySize, entrySize);
            segments[i] = is64Bit ? ReadSegment64(header) : ReadSegment32(header);
            if (segments[i].Type is ElfSegment.Load or ElfSegment.Note && !Holds(bytes, segments[i].Offset, segments[i].FileSize))
                throw Truncated();
        }
        var entry = is64Bit ? BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]);
        return new ElfImage(file, is64Bit, entry, segments);
    }

    /// <summary>The bytes of a segment of this image, of a type whose place <see cref="Read"/> has checked.</summary>
    public ReadOnlySpan<byte> Content(ElfSegment segment) => _file.Span.Slice((int)segment.Offset, (int)segment.FileSize);

    /// <summary>Claims and fills the physical addresses of all load segments.</summary>
    /// <exception cref="KernelLoadException">One does not lie in free usable RAM, or there is none.</exception>
    public void Put(BootPlacement placement)
    {
        var loaded = false;
        foreach (var segment in Segments)
        {
            if (segment.Type != ElfSegment.Load || segment.MemorySize == 0)
                continue;
            if (segment.FileSize > segment.MemorySize)
                throw new KernelLoadException(
                    $"The ELF kernel's segment at 0x{segment.PhysicalAddress:x} is larger in the file than in memory; the image " +
                    "is damaged, copy it again.");
            placement.Claim("ELF segment", segment.PhysicalAddress, segment.MemorySize);
            placement.Fill(segment.PhysicalAddress, Content(segment), segment.MemorySize);
            loaded = true;
        }
        if (!loaded)
            throw new KernelLoadException("The ELF kernel has nothing to load; link it as an executable with program headers.");
    }

    private static ElfSegment ReadSegment32(ReadOnlySpan<byte> header) => new(
        U32(header), U32(header[24..]), U32(header[4..]), U32(header[8..]), U32(header[12..]), U32(header[16..]), U32(header[20..]), U32(header[28..]));

    private static ElfSegment ReadSegment64(ReadOnlySpan<byte> header) => new(
        U32(header), U32(header[4..]), U64(header[8..]), U64(header[16..]), U64(header[24..]), U64(header[32..]), U64(header[40..]), U64(header[48..]));

    private static uint U32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static ulong U64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    private static bool Holds(ReadOnlySpan<byte> bytes, ulong offset, ulong length) =>
        offset <= (ulong)bytes.Length && length <= (ulong)bytes.Length - offset;

    private static KernelLoadException Truncated() => new("The ELF kernel is truncated; copy the file again.");
}
