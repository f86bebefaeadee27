using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.Translator.Execution;
using Ringmaster.Cpu.Translator.Memory;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Translator.Tests.Memory;

public sealed unsafe class SoftTlbTests : IDisposable
{
    private const int User = (int)MmuMode.User;
    private const ulong Linear = 0x40_0000;

    private readonly GuestMemory _memory = GuestMemory.Create([new RamRange(new(0), 16 << 20)]);
    private readonly AreaMemory _areaMemory = new();
    private readonly TlbView _view;
    private readonly SoftTlb _tlb;

    public SoftTlbTests()
    {
        _tlb = new SoftTlb(_areaMemory.Address, _memory);
        _view = new TlbView(_areaMemory.Address);
    }

    [Fact]
    public void A_page_is_known_after_it_was_filled()
    {
        Assert.Equal(Host(0x5123), (ulong)Fill(Linear + 0x123, 0x5000));

        Assert.Equal(Host(0x5456), _view.Find(User, Linear + 0x456, 4, writes: false));
        Assert.Equal(Host(0x5456), _view.Find(User, Linear + 0x456, 4, writes: true));
        Assert.Null(_view.Find(User, Linear + 0x1000, 1, writes: false));
        Assert.Null(_view.Find((int)MmuMode.Supervisor, Linear, 1, writes: false));
        Assert.Null(_view.Find(User, Linear + Area.TlbEntries * 0x1000UL, 1, writes: false));
    }

    [Fact]
    public void A_page_for_loads_only_is_not_known_for_stores()
    {
        Fill(Linear, 0x5000, writable: false);

        Assert.NotNull(_view.Find(User, Linear, 4, writes: false));
        Assert.Null(_view.Find(User, Linear, 4, writes: true));
    }

    [Fact]
    public void Neighbours_that_go_together_share_a_slot()
    {
        Fill(Linear, 0x5000);
        Fill(Linear + 0x1000, 0x6000, slot: 9);

        Assert.Equal((Linear, 0x2000UL - 7), (_view.Slot(9)->Start, _view.Slot(9)->Limit));
    }

    [Fact]
    public void Neighbours_that_are_apart_in_memory_do_not_go_together()
    {
        Fill(Linear, 0x9000);
        Fill(Linear + 0x1000, 0x6000, slot: 9);

        Assert.Equal((Linear + 0x1000, 0x1000UL - 7), (_view.Slot(9)->Start, _view.Slot(9)->Limit));
    }

    [Fact]
    public void Neighbours_do_not_go_together_across_two_megabytes()
    {
        Fill(0x5F_F000, 0x5000);
        Fill(0x60_0000, 0x6000, slot: 9);

        Assert.Equal(0x60_0000UL, _view.Slot(9)->Start);
    }

    [Fact]
    public void A_run_for_stores_ends_where_stores_are_not_allowed()
    {
        Fill(Linear, 0x5000, writable: false);
        Fill(Linear + 0x1000, 0x6000, slot: Stores + 9, writes: true);
        Fill(Linear + 0x1000, 0x6000, slot: 9);

        Assert.Equal(Linear + 0x1000, _view.Slot(Stores + 9)->Start);
        Assert.Equal(Linear, _view.Slot(9)->Start);
    }

    [Fact]
    public void A_forgotten_page_is_gone_from_all_runs_that_it_was_in()
    {
        for (var i = 0UL; i < 4; i++)
            Fill(Linear + i * 0x1000, 0x5000 + i * 0x1000, slot: 9 + (int)i);

        _tlb.FlushPage(Linear + 0x2000);

        Assert.Null(_view.Find(User, Linear + 0x2000, 1, writes: false));
        for (var i = 0; i < 4; i++)
            Assert.Equal(0UL, _view.Slot(9 + i)->Limit);
        Fill(Linear + 0x3000, 0x8000, slot: 20);
        Assert.Equal(Linear + 0x3000, _view.Slot(20)->Start);
    }

    [Fact]
    public void A_forgotten_page_leaves_other_vicinities_alone()
    {
        Fill(Linear, 0x5000, slot: 9);
        Fill(Linear + 0x20_0000, 0x6000, slot: 10);

        _tlb.FlushPage(Linear);

        Assert.Equal(0UL, _view.Slot(9)->Limit);
        Assert.NotEqual(0UL, _view.Slot(10)->Limit);
        Assert.NotNull(_view.Find(User, Linear + 0x20_0000, 1, writes: false));
    }

    [Fact]
    public void Global_pages_outlive_others()
    {
        Fill(Linear, 0x5000, slot: 9, isGlobal: true);
        Fill(Linear + 0x1000, 0x6000, slot: 10);

        _tlb.FlushAllButGlobal();

        Assert.NotNull(_view.Find(User, Linear, 1, writes: false));
        Assert.NotEqual(0UL, _view.Slot(9)->Limit);
        Assert.Null(_view.Find(User, Linear + 0x1000, 1, writes: false));
        Assert.Equal(0UL, _view.Slot(10)->Limit);
        _tlb.Flush();
        Assert.Null(_view.Find(User, Linear, 1, writes: false));
        Assert.Equal(0UL, _view.Slot(9)->Limit);
    }

    [Fact]
    public void Stores_to_a_protected_page_miss_wherever_it_is_mapped()
    {
        Fill(Linear, 0x5000, slot: Stores + 9, writes: true);
        Fill(Linear + 0x1000, 0x6000, slot: Stores + 10, writes: true);
        Fill(0x80_0000, 0x5000, slot: Stores + 11, writes: true, isGlobal: true);

        _tlb.Protect(5);

        Assert.Null(_view.Find(User, Linear, 1, writes: true));
        Assert.Null(_view.Find(User, 0x80_0000, 1, writes: true));
        Assert.NotNull(_view.Find(User, Linear, 1, writes: false));
        Assert.Equal((0UL, 0UL), (_view.Slot(Stores + 9)->Limit, _view.Slot(Stores + 11)->Limit));
    }

    [Fact]
    public void Large_pages_are_known_until_they_are_flushed()
    {
        var run = new LargeRun(MmuMode.User, 0x20_0000, 0x40_0000, 0, PageShift: 21, IsGlobal: true, MayStore: true);

        _tlb.AddLarge(run);

        Assert.Equal(run, _tlb.FindLarge(MmuMode.User, 0x5F_FFFF));
        Assert.Null(_tlb.FindLarge(MmuMode.User, 0x60_0000));
        Assert.Null(_tlb.FindLarge(MmuMode.Supervisor, 0x20_0000));
        _tlb.FlushAllButGlobal();
        Assert.NotNull(_tlb.FindLarge(MmuMode.User, 0x20_0000));
        _tlb.FlushPage(0x40_0000);
        Assert.Null(_tlb.FindLarge(MmuMode.User, 0x20_0000));
    }

    [Fact]
    public void Large_pages_without_end_are_still_taken()
    {
        for (var i = 0UL; i < 200; i++)
        {
            var run = new LargeRun(MmuMode.User, i << 21, 1 << 21, 0, PageShift: 21, IsGlobal: false, MayStore: true);
            _tlb.AddLarge(run);
            Assert.Equal(run, _tlb.FindLarge(MmuMode.User, i << 21));
        }
    }

    /// <summary>The tables that code asks directly hold nothing that some address finds when nothing was filled.</summary>
    [Fact]
    public void Nothing_is_found_in_empty_tables()
    {
        ulong[] places = [0, 0x1000, 0x4000_0000_0000_0000, 0x8000_0000_0000, 0xFFFF_8000_0000_0000, ulong.MaxValue - 0xFFF];
        foreach (var place in places)
        {
            for (var page = -2L; page <= 2; page++)
            {
                var linear = unchecked(place + (ulong)(page * 0x1000));
                Assert.Null(_view.FindDirectly(User, linear, 8, writes: false));
                Assert.Null(_view.FindDirectly(User, linear, 8, writes: true));
            }
        }
    }

    private const int Stores = Area.Slots / 2;

    private ulong Host(ulong physical) => (ulong)_memory.HostBase + physical;

    private byte* Fill(ulong linear, ulong physical, bool writable = true, int slot = -1, bool writes = false, bool isGlobal = false)
    {
        var page = linear & ~0xFFFUL;
        var run = new TranslatedRun(Host(physical) - page, page, 0x1000, page, writable ? 0x1000UL : 0, 12, isGlobal);
        return _tlb.Fill(User, linear, run, FillRequest.Create(slot < 0 ? 0 : TlbView.PlaceOf(slot), 4, writes, isGroup: false));
    }

    public void Dispose()
    {
        _memory.Dispose();
        GC.KeepAlive(_areaMemory);
    }
}
