using Ringmaster.Cpu.Paging;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Tests.Paging;

public sealed class PageWalkTests
{
    private const ulong All = GuestPageTables.Present | GuestPageTables.Writable | GuestPageTables.User;
    private const ulong Nxe = 1 << 11;

    private static readonly PageAccess Write = new(PageAccessKind.Write, false);

    [Theory]
    [InlineData(PagingMode.TwoLevel, 2, 0xFFC0_1234UL, 0x5000UL, 0x5234UL, 12)]
    [InlineData(PagingMode.TwoLevel, 1, 0xFFC0_1234UL, 0x40_0000UL, 0x40_1234UL, 22)]
    [InlineData(PagingMode.TwoLevel, 1, 0xFFC0_1234UL, 0x40_0000UL | 0x2000, 0x1_0040_1234UL, 22)]
    [InlineData(PagingMode.Pae, 3, 0x3FFF_F234UL, 0x5000UL, 0x5234UL, 12)]
    [InlineData(PagingMode.Pae, 2, 0x3FF2_1234UL, 0x2_0020_0000UL, 0x2_0032_1234UL, 21)]
    [InlineData(PagingMode.FourLevel, 4, 0xFFFF_8000_1234_5678UL, 0x3F_FFFF_F000UL, 0x3F_FFFF_F678UL, 12)]
    [InlineData(PagingMode.FourLevel, 3, 0xFFFF_8000_1234_5678UL, 0x20_0000UL, 0x34_5678UL, 21)]
    [InlineData(PagingMode.FourLevel, 2, 0xFFFF_8000_1234_5678UL, 0x4000_0000UL, 0x5234_5678UL, 30)]
    [InlineData(PagingMode.FiveLevel, 5, 0xFF00_0000_1234_5678UL, 0x5000UL, 0x5678UL, 12)]
    [InlineData(PagingMode.FiveLevel, 3, 0xFF00_0000_1234_5678UL, 0x4000_0000UL, 0x5234_5678UL, 30)]
    public void Addresses_come_out_of_pages_of_every_size(PagingMode mode, int depth, ulong linear, ulong page, ulong expected, int shift)
    {
        using var tables = new GuestPageTables();
        tables.Map(mode, linear, page, depth, _ => All);

        var result = PageWalk.Translate(tables.Memory, tables.Context(mode), new(linear), PageAccess.UserRead);

        Assert.False(result.IsFault);
        Assert.Equal(expected, result.Address.Value);
        Assert.Equal(shift, result.PageShift);
    }

    [Fact]
    public void Without_paging_the_low_32_bits_are_the_address()
    {
        using var tables = new GuestPageTables();

        var result = PageWalk.Translate(tables.Memory, tables.Context(PagingMode.None), new(0x5_1234_5678), Write);

        Assert.Equal(0x1234_5678UL, result.Address.Value);
        Assert.True(result.IsWritable && result.IsExecutable && result.IsDirty && !result.IsGlobal);
    }

    [Theory]
    // mode, depth, level and bits that are set there, MAXPHYADDR, 1-GByte pages, EFER: is a reserved bit hit?
    [InlineData(PagingMode.FourLevel, 4, 0, 0x80UL, 46, true, Nxe, true)]
    [InlineData(PagingMode.FourLevel, 4, 0, 0x100UL, 46, true, Nxe, false)]
    [InlineData(PagingMode.FourLevel, 4, 3, 1UL << 46, 46, true, Nxe, true)]
    [InlineData(PagingMode.FourLevel, 4, 3, 1UL << 45, 46, true, Nxe, false)]
    [InlineData(PagingMode.FourLevel, 4, 3, 1UL << 51, 52, true, Nxe, false)]
    [InlineData(PagingMode.FourLevel, 4, 3, 1UL << 52, 46, true, Nxe, false)]
    [InlineData(PagingMode.FourLevel, 4, 2, 1UL << 63, 46, true, 0UL, true)]
    [InlineData(PagingMode.FourLevel, 4, 2, 1UL << 63, 46, true, Nxe, false)]
    [InlineData(PagingMode.FourLevel, 3, 2, 0x2000UL, 46, true, Nxe, true)]
    [InlineData(PagingMode.FourLevel, 3, 2, 0x10_0000UL, 46, true, Nxe, true)]
    [InlineData(PagingMode.FourLevel, 3, 2, 0x1000UL, 46, true, Nxe, false)]
    [InlineData(PagingMode.FourLevel, 2, 1, 0x2000_0000UL, 46, true, Nxe, true)]
    [InlineData(PagingMode.FourLevel, 2, 1, 0UL, 46, false, Nxe, true)]
    [InlineData(PagingMode.FiveLevel, 5, 0, 0x80UL, 46, true, Nxe, true)]
    [InlineData(PagingMode.FiveLevel, 5, 1, 0x80UL, 46, true, Nxe, true)]
    [InlineData(PagingMode.Pae, 3, 2, 1UL << 52, 36, true, Nxe, true)]
    [InlineData(PagingMode.Pae, 3, 2, 1UL << 36, 36, true, Nxe, true)]
    [InlineData(PagingMode.Pae, 3, 1, 1UL << 63, 36, true, 0UL, true)]
    [InlineData(PagingMode.Pae, 2, 1, 0x2000UL, 36, true, 0UL, true)]
    [InlineData(PagingMode.TwoLevel, 1, 0, 0x20_0000UL, 46, true, 0UL, true)]
    [InlineData(PagingMode.TwoLevel, 1, 0, 0x2_0000UL, 36, true, 0UL, true)]
    [InlineData(PagingMode.TwoLevel, 1, 0, 0x1_0000UL, 36, true, 0UL, false)]
    [InlineData(PagingMode.TwoLevel, 2, 1, 0x180UL, 36, true, 0UL, false)]
    public void Reserved_bits_fault(PagingMode mode, int depth, int level, ulong bits, int physicalBits, bool gigabytePages, ulong efer, bool reserved)
    {
        using var tables = new GuestPageTables();
        tables.Map(mode, 0x12_3456, 0, depth, l => All | (l == level ? bits : 0));
        var context = tables.Context(mode, 0, 0, efer, 0, 0, physicalBits, gigabytePages);

        var result = PageWalk.Translate(tables.Memory, context, new(0x12_3456), PageAccess.UserRead);

        Assert.Equal(reserved ? PageFaultError.Protection | PageFaultError.ReservedBit | PageFaultError.User : 0, result.Error);
    }

    [Fact]
    public void Without_pse36_no_address_bit_of_a_large_page_lies_above_31()
    {
        using var tables = new GuestPageTables();
        tables.Map(PagingMode.TwoLevel, 0, 0x2000, 1, _ => All);

        var result = PageWalk.Translate(tables.Memory, tables.Context(PagingMode.TwoLevel, pse36: false), new(0), PageAccess.UserRead);

        Assert.Equal(PageFaultError.Protection | PageFaultError.ReservedBit | PageFaultError.User, result.Error);
    }

    [Theory]
    [InlineData(PagingMode.TwoLevel, 2)]
    [InlineData(PagingMode.Pae, 3)]
    [InlineData(PagingMode.FourLevel, 4)]
    [InlineData(PagingMode.FiveLevel, 5)]
    public void An_entry_that_is_not_present_faults_at_every_level(PagingMode mode, int depth)
    {
        using var tables = new GuestPageTables();
        var first = mode == PagingMode.Pae ? 1 : 0;
        for (var level = first; level < depth; level++)
        {
            tables.Map(mode, 0, 0x8000, depth, l => l == level ? 0 : All);
            var record = default(PageWalkRecord);

            var result = PageWalk.Translate(tables.Memory, tables.Context(mode), new(0), new(PageAccessKind.Write, true), ref record);

            Assert.True(result.IsFault);
            Assert.Equal(PageFaultError.Write | PageFaultError.User, result.Error);
            Assert.Equal(level + 1, record.Count);
            // The entries that have led there are accessed.
            Assert.Equal(level - first, record.WriteCount);
            Assert.All(Enumerable.Range(first, level - first), l => Assert.Equal(GuestPageTables.Accessed, tables.Read(mode, 0, l) & GuestPageTables.Accessed));
        }
    }

    [Theory]
    [InlineData(PagingMode.TwoLevel, 2)]
    [InlineData(PagingMode.Pae, 3)]
    [InlineData(PagingMode.FourLevel, 4)]
    public void A_page_that_an_access_may_not_use_is_not_accessed(PagingMode mode, int depth)
    {
        using var tables = new GuestPageTables();
        tables.Map(mode, 0, 0x8000, depth, l => l == depth - 1 ? GuestPageTables.Present : All);

        var result = PageWalk.Translate(tables.Memory, tables.Context(mode), new(0), new(PageAccessKind.Write, true));

        Assert.True(result.IsFault);
        Assert.Equal(GuestPageTables.Accessed, tables.Read(mode, 0, depth - 2) & GuestPageTables.Accessed);
        Assert.Equal(0UL, tables.Read(mode, 0, depth - 1) & GuestPageTables.Accessed);
    }

    [Theory]
    [InlineData(PagingMode.TwoLevel, 1)]
    [InlineData(PagingMode.TwoLevel, 2)]
    [InlineData(PagingMode.Pae, 2)]
    [InlineData(PagingMode.Pae, 3)]
    [InlineData(PagingMode.FourLevel, 2)]
    [InlineData(PagingMode.FourLevel, 4)]
    [InlineData(PagingMode.FiveLevel, 5)]
    public void A_read_sets_accessed_and_a_write_sets_dirty_in_the_last_entry_only(PagingMode mode, int depth)
    {
        using var tables = new GuestPageTables();
        tables.Map(mode, 0, 0, depth, _ => All);
        var context = tables.Context(mode);
        var first = mode == PagingMode.Pae ? 1 : 0;

        var read = PageWalk.Translate(tables.Memory, context, new(0), PageAccess.SupervisorRead);
        var afterRead = Enumerable.Range(first, depth - first).Select(l => tables.Read(mode, 0, l)).ToArray();
        var record = default(PageWalkRecord);
        var write = PageWalk.Translate(tables.Memory, context, new(0), Write, ref record);
        var afterWrite = Enumerable.Range(first, depth - first).Select(l => tables.Read(mode, 0, l)).ToArray();

        Assert.False(read.IsDirty);
        Assert.True(write.IsDirty);
        Assert.Equal(tables.Entries.Skip(first).Select(e => e | GuestPageTables.Accessed), afterRead);
        Assert.Equal([.. afterRead[..^1], afterRead[^1] | GuestPageTables.Dirty], afterWrite);
        Assert.Equal(1, record.WriteCount);
        Assert.Equal(GuestPageTables.EntryAddress(mode, 0, depth - 1), record.WrittenAt(0).Value);
    }

    [Fact]
    public void A_probe_changes_nothing()
    {
        using var tables = new GuestPageTables();
        tables.Map(PagingMode.FourLevel, 0, 0x8000, 4, _ => All);
        var record = default(PageWalkRecord);

        var result = PageWalk.Probe(tables.Memory, tables.Context(PagingMode.FourLevel), new(0), Write, ref record);

        Assert.False(result.IsFault);
        Assert.False(result.IsDirty);
        Assert.Equal(tables.Entries, Enumerable.Range(0, 4).Select(l => tables.Read(PagingMode.FourLevel, 0, l)));
    }

    [Fact]
    public void The_global_bit_and_the_memory_type_are_those_of_the_last_entry()
    {
        using var tables = new GuestPageTables();
        tables.Map(PagingMode.FourLevel, 0, 0x8000, 4, l => All | (l == 3 ? GuestPageTables.Global | 0x80UL | 0x10 : 0x18));

        var result = PageWalk.Translate(tables.Memory, tables.Context(PagingMode.FourLevel), new(0), PageAccess.SupervisorRead);

        Assert.True(result.IsGlobal);
        Assert.Equal(6, result.PatIndex);
    }

    [Theory]
    [InlineData(PagingMode.TwoLevel)]
    [InlineData(PagingMode.FourLevel)]
    public void Tables_outside_ram_fault_on_reserved_bits(PagingMode mode)
    {
        using var tables = new GuestPageTables();
        var nowhere = 0xF000_0000UL;
        var inner = tables.Context(mode, cr4: mode == PagingMode.TwoLevel ? 0x10u : 0u);
        var context = new PagingContext(inner.Capabilities, 1UL << 31, nowhere, mode == PagingMode.TwoLevel ? 0x10u : 0x20u,
            mode == PagingMode.TwoLevel ? 0u : 1u << 10, 0, 0);

        var result = PageWalk.Translate(tables.Memory, context, new(0x1234), PageAccess.SupervisorRead);

        Assert.Equal(PageFaultError.Protection | PageFaultError.ReservedBit, result.Error);
    }

    [Fact]
    public void The_record_reads_as_a_line_of_a_crash_report()
    {
        using var tables = new GuestPageTables();
        tables.Map(PagingMode.Pae, 0x20_1000, 0, 3, l => l == 1 ? All : 0);
        var record = default(PageWalkRecord);

        PageWalk.Probe(tables.Memory, tables.Context(PagingMode.Pae), new(0x20_1000), PageAccess.UserRead, ref record);

        Assert.Equal("page walk: PDPTE = 0x2001, PDE@0x2008 = 0x3007, PTE@0x3008 = 0x0", record.ToString());
    }

    [Theory]
    [InlineData(PagingMode.FourLevel, 0x0000_7FFF_FFFF_FFFFUL, true)]
    [InlineData(PagingMode.FourLevel, 0x0000_8000_0000_0000UL, false)]
    [InlineData(PagingMode.FourLevel, 0xFFFF_8000_0000_0000UL, true)]
    [InlineData(PagingMode.FiveLevel, 0x0000_8000_0000_0000UL, true)]
    [InlineData(PagingMode.FiveLevel, 0x0100_0000_0000_0000UL, false)]
    [InlineData(PagingMode.Pae, 0xFFFF_FFFFUL, true)]
    public void Canonical_addresses_follow_the_mode(PagingMode mode, ulong address, bool canonical)
    {
        using var tables = new GuestPageTables();

        Assert.Equal(canonical, tables.Context(mode).IsCanonical(new(address)));
    }

    [Theory]
    [InlineData(0x2001UL, true)]
    [InlineData(0x2000UL | 0x1E6, true)]
    [InlineData(0x2003UL, false)]
    [InlineData(0x2021UL, false)]
    [InlineData(0x2101UL, false)]
    [InlineData(0x2001UL | 1UL << 36, false)]
    [InlineData(0x2001UL | 1UL << 63, false)]
    [InlineData(0x2E19UL, true)]
    public void Pdpte_registers_refuse_reserved_bits_in_present_entries(ulong entry, bool loads)
    {
        using var tables = new GuestPageTables();
        tables.Memory.TryWrite(new GuestPhysicalAddress(0x1028), entry);

        var loaded = PdpteRegisters.TryLoad(tables.Memory, 0x1020, new(36, true, true), out var registers);

        Assert.Equal(loads, loaded);
        Assert.Equal(entry, registers.Pdpte1);
    }
}
