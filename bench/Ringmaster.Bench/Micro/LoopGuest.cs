using System.Diagnostics;
using Iced.Intel;
using Ringmaster.Cpu;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.State;
using Ringmaster.Memory;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Bench.Micro;

/// <summary>
/// A vCPU in 64-bit mode with paging (2 MiB pages, addresses as they are) and a loop in its memory. The loop ends with an OUT,
/// whose exit stops the run.
/// </summary>
internal sealed class LoopGuest : IDisposable
{
    // The areas are apart by no round number, lest their pages fight for one place in a direct-mapped software TLB.
    private const ulong MemorySize = 16 << 20, PageTables = 0x1000, Code = 0x1_0000, StackTop = 0x8_0000, Source = 0x20_0000, Target = 0x42_3000;
    private const byte EndPort = 0xF4;
    private const int PassCounter = 15, StackPointer = 4, SourceIndex = 6, TargetIndex = 7;

    // CR0: PE, MP, ET, NE, WP, PG. CR4: PAE, OSFXSR, OSXMMEXCPT. EFER: LME, LMA (SDM 3A 2.2.1 and 2.5).
    private const ulong Cr0 = 0x8001_0033, Cr4 = 0x620, Efer = 0x500;

    // A loop that an engine runs wrongly may never end.
    private static readonly TimeSpan s_longestRun = TimeSpan.FromSeconds(30);

    private readonly GuestMemory _memory = GuestMemory.Create([new RamRange(new GuestPhysicalAddress(0), MemorySize)]);
    private readonly IVirtualCpu _cpu;

    public LoopGuest(IEngine engine, Loop loop)
    {
        var cpu = CpuResolution.Of(
            CpuModelSelection.Parse("x86-64-v2"), new EngineFeatures(engine.Name, CpuFeatureSet.Everything, XsaveLayout.Intel, 40)).Cpu!;
        var table = cpu.BuildTable(new VcpuTopology(new VcpuIndex(0), 1), ClockRates.WithTsc(1_000_000_000));
        _cpu = engine.CreateVcpu(new VcpuIndex(0), _memory, new VcpuSetup(table, new StoppedCounter()));
        WritePageTables();
        Write(new GuestPhysicalAddress(Code), Assemble(loop));
    }

    /// <summary>Whether instructions can be counted.</summary>
    public bool Counts => _cpu.InstructionCount >= 0;

    /// <summary>Runs the loop.</summary>
    /// <param name="passes">How often its body is repeated.</param>
    /// <param name="instructions">Instructions that were executed.</param>
    /// <returns>False if the engine could not: an instruction that it lacks ends in a triple fault, or in no end at all.</returns>
    public bool Run(long passes, out long instructions)
    {
        _cpu.Import(InitialState((ulong)passes));
        var before = _cpu.InstructionCount;
        var start = Stopwatch.GetTimestamp();
        using var watchdog = new Timer(_ => _cpu.Kick(), null, s_longestRun, Timeout.InfiniteTimeSpan);
        VmExit exit;
        do
            exit = _cpu.Run(ExitAnswer.Done);
        while (exit.Kind == VmExitKind.Kicked && Stopwatch.GetElapsedTime(start) < s_longestRun);
        instructions = _cpu.InstructionCount - before;
        return exit.Kind == VmExitKind.PortWrite && exit.Port.Value == EndPort;
    }

    public void Dispose()
    {
        _cpu.Dispose();
        _memory.Dispose();
    }

    private static byte[] Assemble(Loop loop)
    {
        var assembler = new Assembler(64);
        loop.Prepare(assembler);
        var again = assembler.CreateLabel();
        assembler.Label(ref again);
        loop.Body(assembler);
        assembler.dec(r15);
        assembler.jnz(again);
        assembler.@out(EndPort, al);
        assembler.hlt();
        using var code = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(code), Code);
        return code.ToArray();
    }

    private static CpuState InitialState(ulong passes)
    {
        var data = new Segment(0x10, 0, uint.MaxValue, new SegmentAttributes(0xC093));
        var state = CpuState.PowerUp(0);
        state.Cs = new Segment(0x08, 0, uint.MaxValue, new SegmentAttributes(0xA09B));
        state.Ds = state.Es = state.Ss = state.Fs = state.Gs = data;
        state.Cr0 = Cr0;
        state.Cr3 = PageTables;
        state.Cr4 = Cr4;
        state.Msr.Efer = Efer;
        state.Fpu = FpuState.Initial;
        state.Rip = Code;
        state.Registers[PassCounter] = passes;
        state.Registers[StackPointer] = StackTop;
        state.Registers[SourceIndex] = Source;
        state.Registers[TargetIndex] = Target;
        return state;
    }

    private void WritePageTables()
    {
        const ulong present = 0x23, large = 0xE3, pageDirectory = PageTables + 0x2000;
        WriteEntry(PageTables, (PageTables + 0x1000) | present);
        WriteEntry(PageTables + 0x1000, pageDirectory | present);
        for (ulong at = 0; at < MemorySize; at += 2 << 20)
            WriteEntry(pageDirectory + (at >> 21) * 8, at | large);
    }

    private void WriteEntry(ulong address, ulong entry) => Write(new GuestPhysicalAddress(address), BitConverter.GetBytes(entry));

    private void Write(GuestPhysicalAddress address, byte[] bytes)
    {
        if (!_memory.TryWrite(address, bytes))
            throw new BenchmarkException($"The loop does not fit into its memory at {address}.");
    }

    /// <summary>No loop reads the time-stamp counter.</summary>
    private sealed class StoppedCounter : ITimestampCounter
    {
        public ulong Frequency => 1_000_000_000;

        public ulong Now => 0;
    }
}
