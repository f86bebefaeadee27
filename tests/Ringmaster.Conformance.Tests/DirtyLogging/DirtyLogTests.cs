using Iced.Intel;
using Ringmaster.Conformance.Tests.Engines;
using Ringmaster.Conformance.Tests.Harness;
using Ringmaster.Cpu;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.State;
using Ringmaster.Memory;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Conformance.Tests.DirtyLogging;

/// <summary>The contract of a dirty log, which every engine keeps: what the guest and devices have written to, and nothing else.</summary>
public sealed class DirtyLogTests
{
    /// <summary>Pages that guests store to at random; below them are code and tables, above them page tables.</summary>
    private const int FirstPage = (int)(Layout.Target >> 12), Pages = 128;

    private const int FirstDevicePage = FirstPage + Pages, DevicePages = 32;

    private static readonly Dictionary<string, Action<Assembler>> s_stores = new()
    {
        ["mov"] = c => c.mov(__byte_ptr[rbx], al),
        ["movups"] = c => c.movups(__xmmword_ptr[rbx + 0x100], xmm0),
        ["lock inc"] = c => c.@lock.inc(__qword_ptr[rbx + 8]),
        ["xchg"] = c => c.xchg(__dword_ptr[rbx], edx),
        ["rep stosq"] = c =>
        {
            c.mov(rdi, rbx);
            c.mov(r8, rcx);
            c.mov(ecx, 16);
            c.rep.stosq();
            c.mov(rcx, r8);
        },
        ["push"] = c =>
        {
            c.mov(r9, rsp);
            c.lea(rsp, __[rbx + 0x800]);
            c.push(rax);
            c.mov(rsp, r9);
        },
    };

    public static TheoryData<string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var engine in EngineUnderTest.Names)
            {
                foreach (var store in s_stores.Keys)
                    rows.Add(engine, store);
            }
            return rows;
        }
    }

    public static TheoryData<string> EngineNames => [.. EngineUnderTest.Names];

    [Theory]
    [MemberData(nameof(Rows))]
    public void It_has_the_pages_that_guest_and_devices_have_written_to_and_no_other(string engine, string store)
    {
        using var stage = Stage.Enter(EngineUnderTest.Get(engine), TestModel.Of(false, false));
        Begin(stage, engine, StoresByTable(s_stores[store]));
        var random = new Random(store.Length);
        Round(stage, [FirstPage]);
        var pages = new DirtyPages(stage.Memory);
        stage.Memory.DirtyLog.Start();
        try
        {
            for (var round = 0; round < 12; round++)
            {
                // Some pages come again, when engines know them already.
                int[] guest = [.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => FirstPage + random.Next(round % 3 == 0 ? Pages : 12))];
                int[] device = [.. Enumerable.Range(0, random.Next(4)).Select(_ => FirstDevicePage + random.Next(DevicePages))];

                Round(stage, guest);
                foreach (var page in device)
                    stage.Memory.TryWrite(new((ulong)page << 12 | 0x123), (byte)round);
                Collect(stage.Memory, pages);

                var expected = guest.Concat(device).Append((int)(Layout.Data >> 12)).Distinct().Order();
                Assert.Equal(expected, pages.Pages.Select(p => (int)p.Page).Where(p => !IsPageTable(p)));
                Collect(stage.Memory, pages);
                Assert.Equal(0, pages.Count);
            }
        }
        finally
        {
            stage.Memory.DirtyLog.Stop();
        }
    }

    [Theory]
    [MemberData(nameof(EngineNames))]
    public async Task A_copy_that_follows_it_is_the_guests_memory_in_the_end(string engine)
    {
        using var stage = Stage.Enter(EngineUnderTest.Get(engine), TestModel.Of(false, false));
        Begin(stage, engine, StoresForEver);
        var copy = new byte[Layout.MemorySize];
        var pages = new DirtyPages(stage.Memory);
        long told = 0;
        stage.Memory.DirtyLog.Start();
        try
        {
            stage.Memory.TryRead(new(0), copy);
            var isOver = false;
            var guest = Start(() => RunUntil(stage.Cpu, () => Volatile.Read(ref isOver)));
            var device = Start(() => Write(stage.Memory, () => Volatile.Read(ref isOver)));
            for (var round = 0; round < 40; round++)
            {
                await Task.Delay(5);
                Collect(stage.Memory, pages);
                told += Copy(stage.Memory, pages, copy);
            }
            Volatile.Write(ref isOver, true);
            stage.Cpu.Kick();
            await Task.WhenAll(guest, device);
            Collect(stage.Memory, pages);
            told += Copy(stage.Memory, pages, copy);
        }
        finally
        {
            stage.Memory.DirtyLog.Stop();
        }

        var memory = new byte[Layout.MemorySize];
        stage.Memory.TryRead(new(0), memory);
        Assert.Equal(memory.Length, memory.AsSpan().CommonPrefixLength(copy));
        Assert.True(told > Pages, $"Only {told} pages were ever told of.");
    }

    [Theory]
    [MemberData(nameof(EngineNames))]
    public void It_begins_anew_with_each_start(string engine)
    {
        using var stage = Stage.Enter(EngineUnderTest.Get(engine), TestModel.Of(false, false));
        Begin(stage, engine, StoresByTable(s_stores["mov"]));
        var pages = new DirtyPages(stage.Memory);
        stage.Memory.DirtyLog.Start();
        Round(stage, [FirstPage, FirstPage + 1]);
        stage.Memory.DirtyLog.Stop();
        Round(stage, [FirstPage + 2]);

        stage.Memory.DirtyLog.Start();
        Round(stage, [FirstPage + 2, FirstPage + 3]);
        Collect(stage.Memory, pages);
        stage.Memory.DirtyLog.Stop();

        Assert.Equal([(int)(Layout.Data >> 12), FirstPage + 2, FirstPage + 3], pages.Pages.Select(p => (int)p.Page).Where(p => !IsPageTable(p)));
    }

    /// <summary>Stores to each address of a table, then ends the round and begins the next.</summary>
    private static Action<Assembler> StoresByTable(Action<Assembler> store) => c =>
    {
        var (round, next) = (c.CreateLabel(), c.CreateLabel());
        c.Label(ref round);
        c.mov(esi, Layout.Data);
        c.mov(rcx, __qword_ptr[rsi]);
        c.Label(ref next);
        c.add(rsi, 8);
        c.mov(rbx, __qword_ptr[rsi]);
        store(c);
        c.dec(rcx);
        c.jne(next);
        c.@out(Layout.MarkPort, eax);
        c.jmp(round);
    };

    /// <summary>Counts in pages at random.</summary>
    private static void StoresForEver(Assembler c)
    {
        var next = c.CreateLabel();
        c.Label(ref next);
        c.imul(eax, eax, 1664525);
        c.add(eax, 1013904223);
        c.mov(ebx, eax);
        c.shr(ebx, 16);
        c.and(ebx, Pages - 1);
        c.shl(ebx, 12);
        c.mov(edx, eax);
        c.and(edx, 0xFF8);
        c.inc(__qword_ptr[rbx + rdx + (int)Layout.Target]);
        c.jmp(next);
    }

    private static void Begin(Stage stage, string engine, Action<Assembler> code)
    {
        const ulong enablesSse = 1 << 9;
        var guest = new Guest(GuestMode.Kernel64);
        guest.Assemble(code);
        guest.State.Cr4 |= enablesSse;
        if (EngineUnderTest.IsKvm(engine) && EmulatedProcessor.IsHost)
            EmulatedProcessor.Adapt(guest);
        stage.Memory.TryWrite(new(0), guest.Memory);
        stage.Cpu.Import(guest.State);
    }

    /// <summary>Has the guest store to pages, in this order.</summary>
    private static void Round(Stage stage, int[] pages)
    {
        ulong[] table = [(ulong)pages.Length, .. pages.Select(page => (ulong)page << 12)];
        stage.Memory.TryWrite(new(Layout.Data), System.Runtime.InteropServices.MemoryMarshal.AsBytes<ulong>(table));
        VmExit exit;
        do
            exit = stage.Cpu.Run(ExitAnswer.Done);
        while (exit.Kind == VmExitKind.Kicked);
        Assert.Equal((VmExitKind.PortWrite, Layout.MarkPort), (exit.Kind, (byte)exit.Port.Value));
        Assert.Null(stage.Cpu.Settle(ExitAnswer.Done));
    }

    private static void RunUntil(IVirtualCpu cpu, Func<bool> isOver)
    {
        while (!isOver())
            Assert.Equal(VmExitKind.Kicked, cpu.Run(ExitAnswer.Done).Kind);
        Assert.Null(cpu.Settle(ExitAnswer.Done));
    }

    private static void Write(GuestMemory memory, Func<bool> isOver)
    {
        for (var i = 0UL; !isOver(); i++)
        {
            memory.TryWrite(new((FirstDevicePage + i % DevicePages << 12) + i % 500 * 8), i);
            if (i % 64 == 0)
                Thread.Yield();
        }
    }

    private static Task Start(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static void Collect(GuestMemory memory, DirtyPages pages)
    {
        pages.Clear();
        memory.DirtyLog.Collect(pages);
    }

    private static long Copy(GuestMemory memory, DirtyPages pages, byte[] copy)
    {
        foreach (var page in pages.Pages)
            memory.TryRead(page, copy.AsSpan((int)page.Value, 4096));
        return pages.Count;
    }

    /// <summary>Accessed and dirty bits may be set there.</summary>
    private static bool IsPageTable(int page) => page is >= (int)(PageTables.Tables >> 12) and < (int)(PageTables.Tables >> 12) + 10;
}
