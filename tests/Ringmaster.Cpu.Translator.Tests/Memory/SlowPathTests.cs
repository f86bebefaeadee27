using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Ringmaster.Cpu.Translator.Emission;
using Ringmaster.Cpu.Translator.Execution;
using Ringmaster.Cpu.Translator.Memory;
using Ringmaster.Cpu.Translator.Tests.Execution;

namespace Ringmaster.Cpu.Translator.Tests.Memory;

/// <summary>The routine that fills slots from the TLB's second level does what <see cref="SiteSlot.TryCover"/> does.</summary>
public sealed unsafe class SlowPathTests : IDisposable
{
    private const int Mode = 1;

    private readonly HostRun _host = new();

    /// <summary>An access, and the run around its page that the TLB knows.</summary>
    private sealed record Case(ulong Linear, ulong Start, ulong Length, ulong Addend, int Size, bool Writes, bool KeepsFlags, bool IsGlobal, ulong Flags)
    {
        public ulong Page => Linear & ~0xFFFUL;

        public bool StaysInRun => Linear - Start + (ulong)Size - 1 < Length;
    }

    private static readonly Gen<Case> s_cases =
        from page in Gen.Elements<ulong>([0, 0x1000, 0x40_0000, 0xFFFF_F000, 0x7FFF_FFFF_F000, 0xFFFF_8000_0000_0000, 0xFFFF_FFFF_FFFF_F000, 0xFFFF_FFFF_8123_4000])
        from offset in Gen.Frequency((3, Gen.Choose(0, 0xFFF)), (1, Gen.Choose(0xF70, 0xFFF)), (1, Gen.Choose(0, 8)))
        from before in Gen.Frequency((2, Gen.Constant(0)), (1, Gen.Choose(0, 5)), (1, Gen.Choose(0, 5000)))
        from after in Gen.Frequency((2, Gen.Constant(1)), (1, Gen.Choose(1, 5)), (1, Gen.Choose(1, 5000)))
        from addend in Gen.Choose(int.MinValue, int.MaxValue)
        from size in Gen.Elements(1, 2, 4, 8, 16, 32, 100, 128)
        from writes in Gen.Elements(false, true)
        from keepsFlags in Gen.Elements(false, true)
        from isGlobal in Gen.Elements(false, true)
        from flags in Gen.Choose(0, 0xFFF)
        let fits = Math.Min((ulong)before, page >> 12)
        let start = page - (fits << 12)
        let length = Math.Min(fits + (ulong)after << 12, 0 - start == 0 ? ulong.MaxValue : 0 - start)
        select new Case(page + (ulong)offset, start, length, (ulong)(long)addend << 12, size, writes, keepsFlags, isGlobal, (ulong)flags & HostRun.AllStatus);

    [Fact]
    public void A_slot_is_filled_as_the_runtime_would_fill_it() => Prop.ForAll(s_cases.ToArbitrary(), Check).QuickCheckThrowOnFailure();

    [Fact]
    public void An_access_that_leaves_its_run_has_no_host_address()
    {
        var before = HostRun.Misses;

        var host = Access(new Case(0x40_0FFD, 0x40_0000, 0x1000, 0x1000_0000, 4, Writes: false, KeepsFlags: true, IsGlobal: false, 0x41));

        Assert.Equal((0UL, before), (host, HostRun.Misses));
    }

    [Fact]
    public void One_that_leaves_its_run_and_takes_a_copy_is_the_runtimes()
    {
        var one = new Case(0x40_0FFD, 0x40_0000, 0x1000, 0x1000_0000, 4, Writes: false, KeepsFlags: true, IsGlobal: false, 0x41);
        var before = HostRun.Misses;

        Access(one, mayFault: true);
        Access(one with { Writes = true }, mayFault: true);

        Assert.Equal(before + 1, HostRun.Misses);
    }

    [Fact]
    public void A_page_that_is_not_known_is_the_runtimes()
    {
        var before = HostRun.Misses;

        var host = Ask(new Case(0x40_0010, 0x40_0000, 0x1000, 0x1000_0000, 4, Writes: false, KeepsFlags: true, IsGlobal: false, 0x41));

        Assert.Equal((0UL, before + 1), (host, HostRun.Misses));
    }

    [Fact]
    public void A_slot_that_missed_too_often_is_the_runtimes()
    {
        var one = new Case(0x40_0010, 0x40_0000, 0x1000, 0x1000_0000, 4, Writes: false, KeepsFlags: false, IsGlobal: false, 0);
        Access(one);
        _host.Slot(SlotOf(one))->Misses = -1;
        var before = HostRun.Misses;

        var host = Ask(one);

        Assert.Equal(0UL, host);
        Assert.Equal(before + 1, HostRun.Misses);
    }

    private void Check(Case one)
    {
        _host.ClearTlb();
        var slot = _host.Slot(SlotOf(one));
        var expected = *slot;
        var covers = expected.TryCover(one.Linear, one.Start, one.Length, one.Addend, SiteSlot.MarginOf(one.Size));
        for (var i = 0; i < 16; i++)
            _host.Registers[i] = (ulong)i * 0x0101_0101_0101_0101;

        var host = Access(one);

        Assert.Equal(one.StaysInRun ? one.Linear + one.Addend : 0, host);
        if (covers)
        {
            Assert.Equal(expected with { Properties = one.IsGlobal ? 1UL : 0, Misses = SiteSlot.Patience + 1 }, *slot);
            Assert.Equal(1u, _host.File->FilledSlots);
            Assert.Equal((uint)SlotOf(one), ((uint*)(_host.Area + Area.FillLog))[0]);
            // The vicinity, and in the highest bit whether the page is global.
            var vicinity = BitOperations.RotateRight((uint)(one.Linear >> SoftTlb.VicinityShift) << 1 | (one.IsGlobal ? 1u : 0), 1);
            Assert.Equal(vicinity, ((uint*)(_host.Area + Area.Vicinities))[0]);
        }
        else
        {
            Assert.Equal((0UL, 0u), (slot->Limit, _host.File->FilledSlots));
        }
        for (var i = 0; i < 16; i++)
            Assert.Equal((ulong)i * 0x0101_0101_0101_0101, _host.Registers[i]);
        if (one.KeepsFlags)
            Assert.Equal(one.Flags, _host.File->StatusFlags & HostRun.AllStatus);
    }

    private ulong Access(Case one, bool mayFault = false)
    {
        var entry = _host.Entry(Mode, one.Linear);
        *entry = new TranslationEntry
        {
            ReadTag = one.Writes ? TranslationEntry.Invalid : one.Page,
            WriteTag = one.Writes ? one.Page : TranslationEntry.Invalid,
            Addend = one.Addend,
            Properties = one.IsGlobal ? 1UL : 0,
        };
        if (one.Writes)
            (entry->WriteStart, entry->WriteLength) = (one.Start, one.Length);
        else
            (entry->ReadStart, entry->ReadLength) = (one.Start, one.Length);
        return Ask(one, mayFault);
    }

    private ulong Ask(Case one, bool mayFault = false)
    {
        _host.Assemble(code =>
        {
            code.Constant(HostRegister.Rcx, one.Linear);
            code.Push((int)FillRequest.Create(SlotOf(one), one.Size, one.Writes, isGroup: false, mayFault).Word);
            code.Call(_host.Runtime.Slow(Mode, one.Writes, one.KeepsFlags));
            code.Store(Address.Area(Area.Pushed), HostRegister.Rcx);
        });
        _host.Run(_host.Origin, one.Flags);
        return _host.File->Pushed;
    }

    private static int SlotOf(Case one) => Area.SlotsOf(0) + (one.Writes ? 1500 : 7) * SiteSlot.Size;

    public void Dispose() => _host.Dispose();
}
