using FsCheck;
using FsCheck.Fluent;
using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.Translator.Execution;
using Ringmaster.Cpu.Translator.Memory;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Translator.Tests.Memory;

/// <summary>Whatever is filled, remapped, forgotten and protected: nothing that the TLB lets pass is out of date.</summary>
public sealed unsafe class SoftTlbModelTests : IDisposable
{
    private const int Pages = 24, Slots = 12, Modes = 2;
    private const ulong Linear = 0x5F_4000;

    private readonly GuestMemory _memory = GuestMemory.Create([new RamRange(new(0), 16 << 20)]);

    private enum Action
    {
        Fill,
        Remap,
        FlushOthers,
        Flush,
        Protect,
    }

    private sealed record Step(Action Action, int Page, int Frame, int Mode, int Slot, bool Writes, bool IsGlobal, bool IsWritable);

    private static readonly Gen<Step> s_steps =
        from action in Gen.Frequency((12, Gen.Constant(Action.Fill)), (4, Gen.Constant(Action.Remap)), (1, Gen.Constant(Action.FlushOthers)), (1, Gen.Constant(Action.Flush)), (2, Gen.Constant(Action.Protect)))
        from page in Gen.Choose(0, Pages - 1)
        from frame in Gen.Frequency((3, Gen.Constant(page + 8)), (1, Gen.Choose(0, 40)))
        from mode in Gen.Choose(0, Modes - 1)
        from slot in Gen.Choose(0, Slots - 1)
        from writes in Gen.Elements(false, true)
        from isGlobal in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
        from isWritable in Gen.Frequency((3, Gen.Constant(true)), (1, Gen.Constant(false)))
        select new Step(action, page, frame, mode, slot, writes, isGlobal, isWritable);

    [Fact]
    public void Nothing_that_passes_is_out_of_date() => Prop.ForAll(s_steps.ListOf(60).ToArbitrary(), steps =>
    {
        var area = new AreaMemory();
        var tlb = new SoftTlb(area.Address, _memory);
        var view = new TlbView(area.Address);
        // What the guest's tables say; other entries may be remembered only where nothing has been changed since.
        var map = Enumerable.Range(0, Pages).Select(i => (Frame: i + 8, IsWritable: true, IsGlobal: false)).ToArray();
        var code = new HashSet<int>();
        foreach (var step in steps)
        {
            switch (step.Action)
            {
                case Action.Fill:
                    Fill(tlb, map[step.Page], step, code);
                    break;
                case Action.Remap:
                    map[step.Page] = (step.Frame, step.IsWritable, step.IsGlobal);
                    tlb.FlushPage(AddressOf(step.Page));
                    break;
                case Action.FlushOthers:
                    // What is global stays as it is mapped.
                    tlb.FlushAllButGlobal();
                    break;
                case Action.Flush:
                    tlb.Flush();
                    code.Clear();
                    break;
                default:
                    code.Add(step.Frame);
                    tlb.Protect((ulong)step.Frame);
                    break;
            }
            CheckSlots(view, map, code);
            CheckEntries(view, map, code);
        }
        GC.KeepAlive(area);
    }).QuickCheckThrowOnFailure();

    private void Fill(SoftTlb tlb, (int Frame, bool IsWritable, bool IsGlobal) mapping, Step step, HashSet<int> code)
    {
        var linear = AddressOf(step.Page) + 0x10;
        var page = AddressOf(step.Page);
        var stores = mapping.IsWritable && !code.Contains(mapping.Frame) ? 0x1000UL : 0;
        if (step.Writes && stores == 0)
            return;
        var run = new TranslatedRun((ulong)_memory.HostBase + ((ulong)mapping.Frame << 12) - page, page, 0x1000, page, stores, 12, mapping.IsGlobal);
        var place = TlbView.PlaceOf(step.Slot + (step.Mode * Slots) + (step.Writes ? Area.Slots / 2 : 0));
        var host = tlb.Fill(step.Mode, linear, run, FillRequest.Create(place, 8, step.Writes, isGroup: false));
        Assert.Equal(linear + run.Addend, (ulong)host);
    }

    private void CheckSlots(TlbView view, (int Frame, bool IsWritable, bool IsGlobal)[] map, HashSet<int> code)
    {
        foreach (var first in (int[])[0, Area.Slots / 2])
        {
            for (var i = 0; i < Slots * Modes; i++)
            {
                var slot = view.Slot(first + i);
                if (slot->Limit != 0)
                    CheckRun(slot->Start, slot->Limit + 7, slot->Addend, first != 0, map, code);
            }
        }
    }

    private void CheckEntries(TlbView view, (int Frame, bool IsWritable, bool IsGlobal)[] map, HashSet<int> code)
    {
        for (var mode = 0; mode < Modes; mode++)
        {
            for (var page = 0; page < Pages; page++)
            {
                foreach (var writes in (bool[])[false, true])
                {
                    if (view.Find(mode, AddressOf(page), 8, writes) is not { } host)
                        continue;
                    CheckRun(AddressOf(page), 0x1000, host - AddressOf(page), writes, map, code);
                    var entry = view.Entry(mode, AddressOf(page));
                    CheckRun(writes ? entry->WriteStart : entry->ReadStart, writes ? entry->WriteLength : entry->ReadLength, entry->Addend, writes, map, code);
                }
            }
        }
    }

    private void CheckRun(ulong start, ulong length, ulong addend, bool writes, (int Frame, bool IsWritable, bool IsGlobal)[] map, HashSet<int> code)
    {
        for (var at = start; at - start < length; at = (at & ~0xFFFUL) + 0x1000)
        {
            var page = (int)((at - Linear) >> 12);
            Assert.InRange(page, 0, Pages - 1);
            Assert.Equal((ulong)map[page].Frame, (at + addend - (ulong)_memory.HostBase) >> 12);
            Assert.True(!writes || (map[page].IsWritable && !code.Contains(map[page].Frame)), $"stores to page {page} pass");
        }
    }

    private static ulong AddressOf(int page) => Linear + ((ulong)page << 12);

    public void Dispose() => _memory.Dispose();
}
