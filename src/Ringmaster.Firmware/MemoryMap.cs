using System.Buffers.Binary;
using Ringmaster.Memory;

namespace Ringmaster.Firmware;

/// <summary>
/// The guest-physical address map as the operating system is told about it (E820). Entries ascend and never overlap.
/// </summary>
/// <remarks>
/// From 0x9FC00 to 0x9FFFF lies the extended BIOS data area. The ACPI and SMBIOS tables of a directly booted kernel lie from
/// 0xE0000 to 0xFFFFF, where every operating system searches for them, and not at the top of RAM: so nothing about them
/// depends on the memory size, and kernels without an RSDP pointer in their boot protocol find them too. What lies between
/// 0xA0000 and 0xDFFFF is not described, as on a PC.
/// </remarks>
public sealed class MemoryMap
{
    private const ulong BiosAreaStart = 0xA0000, BiosAreaEnd = 0x10_0000;
    private readonly MemoryMapEntry[] _entries;

    private MemoryMap(MemoryMapEntry[] entries) => _entries = entries;

    /// <summary>The extended BIOS data area.</summary>
    public static MemoryMapEntry ExtendedBiosData { get; } = new(new(0x9FC00), 0x400, MemoryMapType.Reserved);

    /// <summary>Where ACPI and SMBIOS tables and the system BIOS lie.</summary>
    public static MemoryMapEntry BiosTables { get; } = new(new(0xE0000), 0x2_0000, MemoryMapType.Reserved);

    /// <summary>The register windows of the I/O APIC, the HPET and the local APICs, a page each.</summary>
    public static IReadOnlyList<MemoryMapEntry> InterruptControllersAndTimers { get; } =
    [
        new(new(0xFEC0_0000), 0x1000, MemoryMapType.Reserved),
        new(new(0xFED0_0000), 0x1000, MemoryMapType.Reserved),
        new(new(0xFEE0_0000), 0x1000, MemoryMapType.Reserved),
    ];

    /// <summary>The ranges, in ascending order.</summary>
    public IReadOnlyList<MemoryMapEntry> Entries => _entries;

    /// <summary>Bytes of usable RAM in one piece from 1 MiB on.</summary>
    public ulong UsableFromOneMebibyte
    {
        get
        {
            foreach (var entry in _entries)
            {
                if (entry.Type == MemoryMapType.Usable && entry.Start.Value <= BiosAreaEnd && entry.End.Value > BiosAreaEnd)
                    return entry.End.Value - BiosAreaEnd;
            }
            return 0;
        }
    }

    /// <summary>The map of a PC: RAM, less the BIOS's areas, and the register windows of interrupt controllers and HPET.</summary>
    public static MemoryMap ForPc(GuestMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        return Create(memory.Ranges, [ExtendedBiosData, BiosTables, .. InterruptControllersAndTimers]);
    }

    /// <summary>A map of RAM ranges with some areas taken out.</summary>
    /// <param name="ram">The RAM.</param>
    /// <param name="special">Areas that are not plain RAM, whether RAM lies there or not. They must not overlap each other.</param>
    /// <exception cref="ArgumentException">Two special areas overlap.</exception>
    public static MemoryMap Create(IEnumerable<RamRange> ram, IReadOnlyList<MemoryMapEntry> special)
    {
        ArgumentNullException.ThrowIfNull(ram);
        ArgumentNullException.ThrowIfNull(special);
        var taken = special.OrderBy(e => e.Start.Value).ToArray();
        for (var i = 1; i < taken.Length; i++)
        {
            if (taken[i].Start < taken[i - 1].End)
                throw new ArgumentException($"The areas at {taken[i - 1].Start} and {taken[i].Start} overlap.", nameof(special));
        }

        var holes = taken.Select(e => (Start: e.Start.Value, End: e.End.Value)).Append((Start: BiosAreaStart, End: BiosAreaEnd));
        var entries = new List<MemoryMapEntry>(taken);
        foreach (var range in ram)
            AddUsable(entries, range, holes.OrderBy(h => h.Start));
        return new MemoryMap(Merge(entries.OrderBy(e => e.Start.Value)));
    }

    /// <summary>The map as E820 records of 20 bytes: base, length, type.</summary>
    public byte[] ToE820()
    {
        var bytes = new byte[_entries.Length * 20];
        for (var i = 0; i < _entries.Length; i++)
        {
            var record = bytes.AsSpan(i * 20, 20);
            BinaryPrimitives.WriteUInt64LittleEndian(record, _entries[i].Start.Value);
            BinaryPrimitives.WriteUInt64LittleEndian(record[8..], _entries[i].Length);
            BinaryPrimitives.WriteUInt32LittleEndian(record[16..], (uint)_entries[i].Type);
        }
        return bytes;
    }

    private static void AddUsable(List<MemoryMapEntry> entries, RamRange range, IEnumerable<(ulong Start, ulong End)> holes)
    {
        var position = range.Start.Value;
        foreach (var (start, end) in holes)
        {
            if (end <= position || start >= range.End.Value)
                continue;
            if (start > position)
                entries.Add(new(new(position), start - position, MemoryMapType.Usable));
            position = end;
        }
        if (position < range.End.Value)
            entries.Add(new(new(position), range.End.Value - position, MemoryMapType.Usable));
    }

    private static MemoryMapEntry[] Merge(IEnumerable<MemoryMapEntry> sorted)
    {
        var merged = new List<MemoryMapEntry>();
        foreach (var entry in sorted)
        {
            if (merged.Count > 0 && merged[^1].Type == entry.Type && merged[^1].End == entry.Start)
                merged[^1] = merged[^1] with { Length = merged[^1].Length + entry.Length };
            else
                merged.Add(entry);
        }
        return [.. merged];
    }
}
