using Ringmaster.Cpu;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.State;
using Ringmaster.Memory;

namespace Ringmaster.Fuzz.Tests.Engine;

/// <summary>
/// One of two runs of the same guest. The stepped one has a breakpoint armed where nothing ever executes, which makes the
/// engine go one instruction at a time: no linked blocks, no long repetitions.
/// </summary>
internal sealed class SteppedRun : IDisposable
{
    private const int MostExits = 60, MostQuestions = 20_000;
    private const ulong NeverExecuted = 0xDEAD_0000_0000_0000, Enabled3 = 1 << 7, GeneralDetect = 1 << 13, Nothing = 0x400;
    private readonly GuestMemory _memory = GuestMemory.Create(Layout.Ranges);
    private readonly IVirtualCpu _vcpu;
    private readonly CpuidTable _cpuid;
    private readonly bool _isStepped;
    private readonly TableWatch _tables;

    public SteppedRun(IEngine engine, CpuidTable cpuid, bool isStepped)
    {
        _cpuid = cpuid;
        _isStepped = isStepped;
        _tables = new TableWatch(_memory);
        _vcpu = engine.CreateVcpu(new VcpuIndex(0), _memory, new VcpuSetup(cpuid, new StoppedClock()));
    }

    /// <summary>Every exit in order, and the state at the end.</summary>
    public List<string> Record { get; } = [];

    public void Kick() => _vcpu.Kick();

    /// <summary>Runs the guest of a seed.</summary>
    /// <returns>
    /// False if nothing can be said about where it got to: it had to be kicked, or it has changed its page tables, and the
    /// old translations may be used or not until they are flushed (SDM 3A 4.10.2.1).
    /// </returns>
    public bool Run(ulong seed)
    {
        Record.Clear();
        var random = new FuzzRandom(seed);
        var state = HostileGuest.Create(random, _memory, _cpuid, coherent: true);
        _tables.Begin();
        (state.Dr0, state.Dr1, state.Dr2, state.Dr3) = (0, 0, 0, NeverExecuted);
        // Reading debug registers, which would tell the two runs apart, is an exception (SDM 3B 17.2.4).
        state.Dr7 = Nothing | GeneralDetect | (_isStepped ? Enabled3 : 0);
        // Without an interrupt table the first exception ends the case, with the state that it found.
        state.Idtr = default;
        _vcpu.Import(state);
        // A kick may be left from the case before.
        _vcpu.Kick();
        _vcpu.Run(ExitAnswer.Done);
        var answer = ExitAnswer.Done;
        for (var exits = 0; exits < MostExits; exits++)
        {
            var exit = _vcpu.Run(answer);
            if (exit.Kind == VmExitKind.Kicked)
                return false;
            Record.Add(exit.ToString());
            answer = EngineFuzz.Answer(random, exit);
            if (exit.Kind is VmExitKind.Shutdown or VmExitKind.Halt or VmExitKind.Wait)
                break;
            if (random.Chance(30))
                _memory.TryWrite(new GuestPhysicalAddress(Layout.Code + (ulong)random.Below(0x1000)), (ushort)random.Next());
        }
        for (var i = 0; i < MostQuestions && _vcpu.Settle(answer) is { } exit; i++)
            answer = EngineFuzz.Answer(random, exit);
        _vcpu.Export(state);
        state.Dr7 &= ~Enabled3;
        Record.AddRange(StateText.Of(state));
        return !_tables.HaveChanged(state);
    }

    /// <summary>The first address at which the RAM of two runs differs.</summary>
    public ulong? Difference(SteppedRun other)
    {
        foreach (var range in _memory.Ranges)
        {
            var mine = _memory.Window(range.Start, (int)range.Length);
            var same = mine.CommonPrefixLength(other._memory.Window(range.Start, (int)range.Length));
            if (same < mine.Length)
                return range.Start.Value + (ulong)same;
        }
        return null;
    }

    public void Dispose()
    {
        _vcpu.Dispose();
        _memory.Dispose();
    }
}
