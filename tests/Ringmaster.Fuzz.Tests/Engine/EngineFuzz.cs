using Ringmaster.Cpu;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.State;
using Ringmaster.Memory;

namespace Ringmaster.Fuzz.Tests.Engine;

/// <summary>Runs hostile guests on an engine, one case a seed, and checks after each exit that the engine keeps its contract.</summary>
internal sealed class EngineFuzz : IDisposable
{
    private const int MostExits = 300;
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(1);
    private readonly IEngine _engine;
    private readonly GuestMemory _memory = GuestMemory.Create(Layout.Ranges);
    private readonly List<(CpuidTable Cpuid, IVirtualCpu Vcpu)> _vcpus;
    private readonly Watchdog _watchdog;
    private volatile IVirtualCpu? _running;

    /// <param name="engine">The engine; it is disposed together with this.</param>
    public EngineFuzz(IEngine engine)
    {
        _engine = engine;
        _vcpus = [.. FuzzCpu.All(_engine).Select(c => (c, _engine.CreateVcpu(new VcpuIndex(0), _memory, new VcpuSetup(c, new StoppedClock()))))];
        _watchdog = new Watchdog(s_slice, () => _running?.Kick());
    }

    public long Exits { get; private set; }

    public long Instructions => _vcpus.Sum(v => v.Vcpu.InstructionCount);

    public int Models => _vcpus.Count;

    /// <summary>How cases ended.</summary>
    public Dictionary<VmExitKind, int> Ends { get; } = [];

    /// <summary>Runs a case.</summary>
    /// <exception cref="FuzzFailureException">The engine broke a rule.</exception>
    public void Run(ulong seed, bool coherent)
    {
        var name = $"engine seed {seed:x16} {(coherent ? "coherent" : "raw")}";
        _watchdog.Begin(name);
        try
        {
            RunCase(new FuzzRandom(seed), coherent);
        }
        catch (Exception error)
        {
            throw new FuzzFailureException($"{name}: {error.GetType().Name}: {error.Message}", error);
        }
        finally
        {
            _running = null;
            _watchdog.End();
        }
    }

    public void Dispose()
    {
        _watchdog.Dispose();
        foreach (var (_, vcpu) in _vcpus)
            vcpu.Dispose();
        _memory.Dispose();
        _engine.Dispose();
    }

    private void RunCase(FuzzRandom random, bool coherent)
    {
        var (cpuid, vcpu) = _vcpus[random.Below(_vcpus.Count)];
        var state = HostileGuest.Create(random, _memory, cpuid, coherent);
        vcpu.WantsInterruptWindow = false;
        vcpu.Import(state);
        RoundTrip(vcpu, state);
        _running = vcpu;

        var answer = ExitAnswer.Done;
        var before = vcpu.InstructionCount;
        for (var exits = 0; exits < MostExits; exits++)
        {
            var exit = vcpu.Run(answer);
            Exits++;
            if (ExitRules.Violation(exit, _memory) is { } violation)
                throw new FuzzFailureException($"{exit}: {violation}");
            if (vcpu.InstructionCount < before)
                throw new FuzzFailureException($"instruction count goes back from {before} to {vcpu.InstructionCount}");
            before = vcpu.InstructionCount;
            answer = Answer(random, exit);
            if (exit.Kind is VmExitKind.Kicked or VmExitKind.Shutdown || exits == MostExits - 1 || !Disturb(random, vcpu, exit, ref answer))
            {
                Ends[exit.Kind] = Ends.GetValueOrDefault(exit.Kind) + 1;
                break;
            }
        }
        // A last consistent state must come out whatever the guest is in the middle of.
        Settle(random, vcpu, answer);
        var last = new CpuState();
        vcpu.Export(last);
        RoundTrip(vcpu, last);
    }

    /// <summary>What a device might say, or no device.</summary>
    internal static ExitAnswer Answer(FuzzRandom random, VmExit exit) => exit.Kind switch
    {
        VmExitKind.PortRead or VmExitKind.MmioRead => ExitAnswer.Value(random.Edgy()),
        VmExitKind.MsrRead => random.Chance(30) ? ExitAnswer.GeneralProtection : ExitAnswer.Value(random.Edgy()),
        VmExitKind.MsrWrite => random.Chance(30) ? ExitAnswer.GeneralProtection : ExitAnswer.Done,
        _ => ExitAnswer.Done,
    };

    /// <summary>Does to the vCPU between two exits what a machine may do.</summary>
    /// <returns>False if nothing can wake it any more.</returns>
    private bool Disturb(FuzzRandom random, IVirtualCpu vcpu, VmExit exit, ref ExitAnswer answer)
    {
        if (random.Chance(20))
            DeviceWrites(random);
        if (random.Chance(5))
            vcpu.InjectNmi();
        if (random.Chance(10))
            vcpu.WantsInterruptWindow = random.Chance(70);
        if (random.Chance(5))
            vcpu.TaskPriority = (byte)random.Below(16);
        if (random.Chance(5))
            vcpu.TaskPriorityThreshold = (byte)random.Below(16);
        if (random.Chance(4))
            vcpu.Translate(new LinearAddress(random.Edgy()));
        if (random.Chance(8))
        {
            if (!Settle(random, vcpu, answer))
                return false;
            answer = ExitAnswer.Done;
            var state = new CpuState();
            vcpu.Export(state);
            vcpu.Import(state);
            RoundTrip(vcpu, state);
        }
        if ((exit.Kind is VmExitKind.InterruptWindow or VmExitKind.Halt or VmExitKind.Wait || random.Chance(20)) && vcpu.CanTakeInterrupt)
            vcpu.InjectInterrupt((byte)random.Below(256));
        else if (exit.Kind == VmExitKind.Halt)
        {
            vcpu.InjectNmi();
            return vcpu.HasPendingNmi;
        }
        return true;
    }

    private void DeviceWrites(FuzzRandom random)
    {
        Span<byte> bytes = stackalloc byte[32];
        random.Fill(bytes);
        var address = random.Chance(70) ? Layout.Code + (ulong)random.Below(0x2000) : Layout.AnyPage(random) + (ulong)random.Below(4096);
        _memory.TryWrite(new GuestPhysicalAddress(address), bytes[..(1 + random.Below(32))]);
    }

    /// <summary>Completes what the last exit interrupted. False if that takes more questions than any one instruction has.</summary>
    private bool Settle(FuzzRandom random, IVirtualCpu vcpu, ExitAnswer answer)
    {
        const int mostQuestions = 20_000;
        for (var i = 0; i < mostQuestions; i++)
        {
            if (vcpu.Settle(answer) is not { } exit)
                return true;
            if (ExitRules.Violation(exit, _memory) is { } violation)
                throw new FuzzFailureException($"{exit}: {violation}");
            answer = Answer(random, exit);
        }
        throw new FuzzFailureException("an instruction cannot be completed");
    }

    private static void RoundTrip(IVirtualCpu vcpu, CpuState expected)
    {
        var actual = new CpuState();
        vcpu.Export(actual);
        foreach (var (before, after) in StateText.Of(expected).Zip(StateText.Of(actual)))
        {
            if (before != after)
                throw new FuzzFailureException($"state went in as {before} and came out as {after}");
        }
    }
}
