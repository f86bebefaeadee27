using Ringmaster.Memory;

namespace Ringmaster.Fuzz.Tests.Engine;

/// <summary>
/// Page tables that mostly map the first two megabytes onto themselves, with large pages, tables that contain themselves,
/// tables outside RAM, devices, reserved bits and plain garbage among them.
/// </summary>
internal sealed class PageTables(FuzzRandom random, GuestMemory memory)
{
    private const ulong Present = 1, Writable = 2, User = 4, Large = 0x80, NoExecute = 1UL << 63;
    private ulong _next = Layout.Tables;

    /// <summary>32-bit paging.</summary>
    /// <returns>CR3.</returns>
    public ulong Narrow()
    {
        var directory = NewPage();
        var table = NewPage();
        for (var i = 0; i < 1024; i++)
        {
            Write(directory + (ulong)i * 4, (uint)(i == 0 ? table | Rights() : Odd() & uint.MaxValue), 4);
            Write(table + (ulong)i * 4, (uint)(i < 512 ? Page(i) & uint.MaxValue : Odd()), 4);
        }
        if (random.Chance(10))
            Write(directory, Rights() | Large, 4);
        Spoil(directory, table);
        return directory | (ulong)random.Below(2) * 0x18;
    }

    /// <summary>PAE, 4-level or 5-level paging.</summary>
    /// <param name="levels">3, 4 or 5.</param>
    /// <param name="noExecute">XD may be set.</param>
    /// <returns>CR3.</returns>
    public ulong Wide(int levels, bool noExecute)
    {
        var table = NewPage();
        for (var i = 0; i < 512; i++)
            Write(table + (ulong)i * 8, Page(i) | (noExecute && random.Chance(3) ? NoExecute : 0), 8);
        var lowest = table;
        for (var level = 2; level <= levels; level++)
        {
            var above = NewPage();
            var isRegisters = levels == 3 && level == 3;
            for (var i = 1; i < (isRegisters ? 4 : 512); i++)
                Write(above + (ulong)i * 8, isRegisters ? (table | Present) * (ulong)random.Below(2) : Odd(), 8);
            Write(above, table | (isRegisters ? Present : Rights()), 8);
            // The kernel half shows the same memory again.
            if (level >= 4)
                Write(above + 0x800, table | Rights(), 8);
            if (level == 2 && random.Chance(10))
                Write(above, Rights() | Large, 8);
            if (!isRegisters)
                Spoil(above, above);
            table = above;
        }
        Spoil(lowest, lowest);
        return table;
    }

    private ulong Rights() => Present | (random.Chance(95) ? Writable : 0) | (random.Chance(85) ? User : 0) | (ulong)random.Below(4) << 5;

    /// <summary>An entry of the lowest level: the page itself, most of the time.</summary>
    private ulong Page(int index) => random.Chance(92)
        ? ((ulong)index << 12) | Rights() | (random.Chance(10) ? 0x100UL : 0)
        : random.Chance(60) ? Layout.AnyPage(random) | Rights() : Odd();

    /// <summary>An entry that leads somewhere unexpected, or nowhere.</summary>
    private ulong Odd() => random.Below(6) switch
    {
        0 => 0,
        1 => random.Next(),
        2 => Layout.AnyPage(random) | Rights(),
        3 => (Layout.AnyPage(random) & ~0x1F_FFFFUL) | Rights() | Large,
        4 => (Layout.Tables + ((ulong)random.Below(8) << 12)) | Rights(),
        _ => (random.Next() & 0xF_FFFF_FFFF_F000) | Rights(),
    };

    private void Spoil(ulong first, ulong second)
    {
        for (var i = random.Chance(40) ? random.Below(20) : 0; i > 0; i--)
            Write(random.Pick(first, second) + (ulong)random.Below(512) * 8, Odd(), 8);
    }

    private ulong NewPage()
    {
        var page = _next;
        _next += 0x1000;
        return page;
    }

    private void Write(ulong address, ulong value, int size)
    {
        if (size == 4)
            memory.TryWrite(new GuestPhysicalAddress(address), (uint)value);
        else
            memory.TryWrite(new GuestPhysicalAddress(address), value);
    }
}
