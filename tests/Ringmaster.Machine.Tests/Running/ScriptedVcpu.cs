using Ringmaster.Cpu;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Interrupts;
using Ringmaster.Cpu.State;
using Ringmaster.Memory;

namespace Ringmaster.Machine.Tests.Running;

/// <summary>
/// A vCPU whose guest is a C# iterator: each exit that it yields goes to the machine, and <see cref="Answer"/> holds what
/// came back when it goes on. Once the iterator has ended, the guest is halted.
/// </summary>
internal sealed class ScriptedVcpu(VcpuIndex index) : IVirtualCpu
{
    private readonly ManualResetEventSlim _kick = new(false);
    private IEnumerator<VmExit>? _script;
    private bool _awaitsAnswer;
    private bool _wantsWindow;

    /// <summary>Starts the guest, at power-on and after each reset.</summary>
    public Func<ScriptedVcpu, IEnumerable<VmExit>> Script { get; set; } = _ => [];

    /// <summary>All vCPUs of the machine, this one included.</summary>
    public IReadOnlyList<ScriptedVcpu> Peers { get; init; } = [];

    /// <summary>The answer to the last exit.</summary>
    public ExitAnswer Answer { get; private set; }

    /// <inheritdoc/>
    public string? Failure { get; set; }

    /// <summary>RFLAGS.IF.</summary>
    public bool InterruptsEnabled { get; set; }

    /// <summary>Whether the exit that is yielded next is followed by another of the same instruction.</summary>
    public bool IsUnfinished { get; set; }

    /// <summary>Whether it stands between two instructions.</summary>
    public bool IsConsistent => !_awaitsAnswer;

    /// <summary>Vectors that were injected.</summary>
    public List<byte> Injected { get; } = [];

    /// <summary>NMIs that were injected.</summary>
    public int Nmis { get; private set; }

    /// <summary>How often a state was imported.</summary>
    public int Imports { get; private set; }

    /// <summary>How often a state was imported in which it executes something.</summary>
    public int Starts { get; private set; }

    /// <summary>How often an instruction was completed outside <see cref="Run"/>.</summary>
    public int Settles { get; private set; }

    /// <summary>How often the machine entered the guest.</summary>
    public int Entries { get; private set; }

    /// <summary>Managed threads on which members were called that belong to the vCPU's own thread.</summary>
    public HashSet<int> Callers { get; } = [];

    /// <summary>The managed thread that entered the guest last.</summary>
    public int RunThread { get; private set; }

    /// <summary>The state that was imported last.</summary>
    public CpuState State { get; private set; } = new();

    /// <inheritdoc/>
    public IVirtualApic? Apic { get; init; }

    public VcpuIndex Index => index;

    public bool CanTakeInterrupt => InterruptsEnabled && !_awaitsAnswer;

    public bool WantsInterruptWindow
    {
        get => _wantsWindow;
        set
        {
            Note();
            _wantsWindow = value;
        }
    }

    public byte TaskPriority { get; set; }

    public byte TaskPriorityThreshold { get; set; }

    public long InstructionCount { get; set; }

    public bool HasPendingNmi { get; private set; }

    public ulong TscOffset => 0;

    /// <summary>An exit with which the guest executes code that needs nothing, until somebody kicks it.</summary>
    public static VmExit Busy => new(VmExitKind.Kicked);

    public static VmExit Halt => new(VmExitKind.Halt);

    public VmExit Run(ExitAnswer answer)
    {
        Note();
        Assert.True(Apic is not null || State.Activity != ActivityState.WaitForStartup);
        RunThread = Environment.CurrentManagedThreadId;
        Entries++;
        Take(answer);
        if (_kick.IsSet && !IsUnfinished)
        {
            _kick.Reset();
            return new VmExit(VmExitKind.Kicked);
        }
        if (_wantsWindow && CanTakeInterrupt)
            return new VmExit(VmExitKind.InterruptWindow);
        HasPendingNmi = false;
        var exit = Advance();
        if (exit.Kind != VmExitKind.Kicked)
            return exit;
        _kick.Wait();
        _kick.Reset();
        return exit;
    }

    public VmExit? Settle(ExitAnswer answer)
    {
        Note();
        if (!Take(answer))
            return null;
        Settles++;
        return IsUnfinished ? Advance() : null;
    }

    public void Kick() => _kick.Set();

    public void InjectInterrupt(byte vector)
    {
        Note();
        Assert.True(CanTakeInterrupt);
        Injected.Add(vector);
    }

    public void InjectNmi()
    {
        Note();
        Nmis++;
        HasPendingNmi = true;
    }

    public void Export(CpuState state) => typeof(CpuState).GetFields().ToList().ForEach(f => f.SetValue(state, f.GetValue(State)));

    public void Import(CpuState state)
    {
        Assert.False(_awaitsAnswer && IsUnfinished, "A state replaces one in the middle of an instruction.");
        Imports++;
        State = state.Clone();
        if (state.Activity == ActivityState.Running)
            Starts++;
        _awaitsAnswer = false;
        _script = Script(this).GetEnumerator();
    }

    /// <summary>Paging is off.</summary>
    public GuestPhysicalAddress? Translate(LinearAddress address) => new(address.Value);

    public void Dispose() => _script?.Dispose();

    private bool Take(ExitAnswer answer)
    {
        if (!_awaitsAnswer)
            return false;
        _awaitsAnswer = false;
        Answer = answer;
        return true;
    }

    private VmExit Advance()
    {
        if (!_script!.MoveNext())
            return Halt;
        _awaitsAnswer = _script.Current.Kind is not (VmExitKind.Kicked or VmExitKind.Halt or VmExitKind.Wait or VmExitKind.Shutdown);
        return _script.Current;
    }

    private void Note() => Callers.Add(Environment.CurrentManagedThreadId);
}
