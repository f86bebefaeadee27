using Ringmaster.Cpu.Paging;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Tests.Paging;

/// <summary>Builds one mapping in a small guest, with free choice of the bits at every level.</summary>
internal sealed class GuestPageTables : IDisposable
{
    public const ulong Present = 1, Writable = 2, User = 4, Accessed = 0x20, Dirty = 0x40, Large = 0x80, Global = 0x100, NoExecute = 1UL << 63;

    /// <summary>Tables stand one page each from here on, the root first.</summary>
    public const ulong FirstTable = 0x1000;

    public GuestMemory Memory { get; } = GuestMemory.Create([new(new(0), 0x10_0000)]);

    /// <summary>Entries from the root down; for PAE the first is a register.</summary>
    public ulong[] Entries { get; private set; } = [];

    public static int Levels(PagingMode mode) => mode switch
    {
        PagingMode.TwoLevel => 2,
        PagingMode.Pae => 3,
        PagingMode.FourLevel => 4,
        _ => 5,
    };

    /// <summary>Maps <paramref name="linear"/> through one table a level.</summary>
    /// <param name="page">Physical address of the page.</param>
    /// <param name="depth">Entries until the page is mapped; fewer than the mode's levels make a large page.</param>
    /// <param name="bits">Bits to be set in the entry of each level.</param>
    public void Map(PagingMode mode, ulong linear, ulong page, int depth, Func<int, ulong> bits)
    {
        Entries = new ulong[depth];
        for (var level = 0; level < depth; level++)
        {
            var isLast = level == depth - 1;
            var target = isLast ? page : FirstTable + (ulong)(level + 1) * 0x1000;
            var large = isLast && depth < Levels(mode) ? Large : 0;
            var isRegister = mode == PagingMode.Pae && level == 0;
            Entries[level] = target | large | (isRegister ? Present : bits(level));
            if (isRegister)
                continue;
            Write(EntryAddress(mode, linear, level), Entries[level], mode);
        }
    }

    public static ulong EntryAddress(PagingMode mode, ulong linear, int level)
    {
        if (mode == PagingMode.TwoLevel)
            return FirstTable + (ulong)level * 0x1000 + (linear >> (level == 0 ? 22 : 12) & 0x3FF) * 4;
        var shift = 12 + 9 * (Levels(mode) - 1 - level);
        return FirstTable + (ulong)level * 0x1000 + (linear >> shift & 0x1FF) * 8;
    }

    public ulong Read(PagingMode mode, ulong linear, int level)
    {
        var address = new GuestPhysicalAddress(EntryAddress(mode, linear, level));
        if (mode == PagingMode.TwoLevel)
            return Memory.TryRead(address, out uint narrow) ? narrow : throw new InvalidOperationException("The table is not in RAM.");
        return Memory.TryRead(address, out ulong wide) ? wide : throw new InvalidOperationException("The table is not in RAM.");
    }

    public PagingContext Context(PagingMode mode, ulong cr0 = 0, ulong cr4 = 0, ulong efer = 0, ulong rflags = 0, uint pkru = 0,
        int physicalBits = 46, bool gigabytePages = true, bool pse36 = true)
    {
        const ulong pg = 1UL << 31, pse = 1 << 4, pae = 1 << 5, la57 = 1 << 12, lma = 1 << 10;
        cr0 |= mode == PagingMode.None ? 0 : pg;
        cr4 |= mode switch { PagingMode.TwoLevel => pse, PagingMode.FiveLevel => pae | la57, PagingMode.None => 0, _ => pae };
        efer |= mode >= PagingMode.FourLevel ? lma : 0;
        return new(new(physicalBits, gigabytePages, pse36), cr0, FirstTable, cr4, efer, rflags, pkru, Entries.FirstOrDefault());
    }

    public void Dispose() => Memory.Dispose();

    private void Write(ulong address, ulong entry, PagingMode mode)
    {
        if (mode == PagingMode.TwoLevel)
            Memory.TryWrite(new(address), (uint)entry);
        else
            Memory.TryWrite(new(address), entry);
    }
}
