using Ringmaster.Cpu;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.State;
using Ringmaster.Devices.Apic;
using Ringmaster.Host.Waiting;
using Ringmaster.Machine.Assembly;

namespace Ringmaster.Machine.Running;

/// <summary>
/// The run loop of one vCPU: give it what is due, let it run, carry out its exit, and again. All device work happens with the
/// machine's lock held; the vCPU runs without it.
/// </summary>
/// <remarks>
/// Only <see cref="Run"/>'s thread touches the vCPU. What others want of it (VcpuRunner.Signals) is noted, and this thread comes
/// to it at its next turn; <see cref="Wake"/> sees to it that there is one.
/// </remarks>
internal sealed partial class VcpuRunner : IDisposable
{
    private readonly IVirtualCpu _vcpu;
    private readonly ExitCounters _counters = new();
    private readonly ExitDispatcher _exits;
    private readonly MachineRequests _requests;
    private readonly Lock _machineLock;
    private readonly MachineTrace _trace;
    private readonly Alarm _alarm = new();
    private LocalApic? _apic;
    private Whereabouts _whereabouts;
    private bool _isHalted;
    private long? _nap;

    /// <summary>Creates the loop.</summary>
    /// <param name="vcpu">The vCPU; belongs to the loop from now on.</param>
    /// <param name="role">What it is among the others.</param>
    /// <param name="exits">Carries its exits out.</param>
    /// <param name="requests">Hears of a triple fault, and of an INIT that resets the machine.</param>
    /// <param name="machineLock">Guards all devices.</param>
    /// <param name="trace">Hears of exits and interrupts.</param>
    public VcpuRunner(IVirtualCpu vcpu, VcpuRole role, ExitDispatcher exits, MachineRequests requests, Lock machineLock, MachineTrace trace)
    {
        _vcpu = vcpu;
        Role = role;
        _exits = exits;
        _requests = requests;
        _machineLock = machineLock;
        _trace = trace;
    }

    private enum Turn
    {
        Enter,
        Sleep,
        StartUp,
        Leave,
    }

    /// <summary>Where the loop's thread is, as far as others must know to make it look.</summary>
    private enum Whereabouts
    {
        /// <summary>It will look before it runs or sleeps again.</summary>
        OnItsWay,

        /// <summary>In the guest, until the vCPU is kicked.</summary>
        InGuest,

        /// <summary>Asleep, until the alarm is set.</summary>
        Asleep,
    }

    /// <summary>The vCPU.</summary>
    public IVirtualCpu Vcpu => _vcpu;

    /// <summary>What the vCPU is among the others.</summary>
    public VcpuRole Role { get; }

    /// <summary>What the vCPU has done so far. From any thread.</summary>
    public VcpuStatistics Statistics => new(Math.Max(0, _vcpu.InstructionCount), _counters.Interrupts, _counters.Exits, _vcpu.Counters);

    private LocalApic Apic => _apic ?? throw new InvalidOperationException("The vCPU has no local APIC yet.");

    /// <summary>Connects the local APIC, which needs this object as its processor.</summary>
    public void Connect(LocalApic apic)
    {
        _apic = apic;
        _exits.Connect(apic);
    }

    /// <summary>Takes on the state in which the machine starts, at power-on or after a reset. Only while the loop does not run.</summary>
    public void Start(CpuState state)
    {
        _vcpu.Import(state);
        _exits.Reset();
        _isHalted = false;
        ResetSignals(state);
    }

    /// <summary>Has the vCPU forget what it knows of addresses. Only while the loop does not run.</summary>
    public void ForgetTranslations()
    {
        var state = new CpuState();
        _vcpu.Export(state);
        _vcpu.Import(state);
    }

    /// <summary>Runs until something asks for the whole machine's attention. The vCPU's state may be looked at then.</summary>
    /// <param name="isWanted">Whether to go on; called with the lock held before each turn.</param>
    public void Run(Func<bool> isWanted)
    {
        var answer = ExitAnswer.Done;
        while (true)
        {
            switch (NextTurn(isWanted))
            {
                case Turn.Enter:
                    answer = Carry(_vcpu.Run(answer));
                    break;
                case Turn.Sleep:
                    Sleep();
                    break;
                case Turn.StartUp:
                    Settle(ref answer);
                    StartUp();
                    break;
                default:
                    Settle(ref answer);
                    return;
            }
        }
    }

    /// <summary>Makes the loop look up soon. From any thread, also after disposal.</summary>
    public void Wake()
    {
        lock (_machineLock)
        {
            if (_whereabouts == Whereabouts.InGuest)
                _vcpu.Kick();
            else if (_whereabouts == Whereabouts.Asleep)
                _alarm.Set();
            // It is, from now on; nobody needs to wake it again.
            _whereabouts = Whereabouts.OnItsWay;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Back ends and users may still call in; from here on they find nobody to wake.
        lock (_machineLock)
            _whereabouts = Whereabouts.OnItsWay;
        _vcpu.Dispose();
        _alarm.Dispose();
    }

    private Turn NextTurn(Func<bool> isWanted)
    {
        lock (_machineLock)
        {
            var turn = isWanted() ? Prepare() : Turn.Leave;
            Apic.KnowsTaskPriority = turn != Turn.Enter || Apic.IsLent;
            _whereabouts = turn switch
            {
                Turn.Enter => Whereabouts.InGuest,
                Turn.Sleep => Whereabouts.Asleep,
                _ => Whereabouts.OnItsWay,
            };
            return turn;
        }
    }

    /// <summary>Passes on what waits for the vCPU, or asks to be told when it can be passed on.</summary>
    private Turn Prepare()
    {
        if (HasStartupSignal)
            return Turn.StartUp;
        // An engine that has the local APIC waits by itself.
        if (_waitsForStartup && !Apic.IsLent)
            return Turn.Sleep;
        GiveNmi();
        var isGiven = GiveInterrupt();
        _vcpu.TaskPriorityThreshold = Apic.TaskPriorityThreshold;
        // An interrupt does not wake a processor that has masked it: CLI and HLT sleep on.
        return isGiven || !_isHalted || _vcpu.HasPendingNmi ? Turn.Enter : Turn.Sleep;
    }

    private void GiveNmi()
    {
        if (_nmiRequested)
            _vcpu.InjectNmi();
        _nmiRequested = false;
    }

    /// <returns>Whether there was an interrupt that the vCPU takes now.</returns>
    private bool GiveInterrupt()
    {
        if (!Apic.IsLent)
            _vcpu.TaskPriority = Apic.TaskPriority;
        if (!Apic.HasInterrupt)
        {
            if (_vcpu.WantsInterruptWindow)
                _vcpu.WantsInterruptWindow = false;
            return false;
        }
        if (!_vcpu.CanTakeInterrupt)
        {
            _vcpu.WantsInterruptWindow = true;
            return false;
        }
        if (!Apic.TryAcknowledge(out var vector))
            return false;
        _vcpu.InjectInterrupt(vector);
        _counters.CountInterrupt();
        _trace.Interrupt(_vcpu.Index, vector);
        _vcpu.WantsInterruptWindow = Apic.HasInterrupt;
        return true;
    }

    /// <summary>Sleeps until someone sets the alarm; where a store may end the wait, not for long.</summary>
    private void Sleep()
    {
        if (!_alarm.Wait(_nap) && _nap is not null)
            _isHalted = false;
    }

    /// <summary>How long one nap of a wait goes on, in ns. Those that follow each other grow: a wait that is over soon is seen to be.</summary>
    private static long NapAfter(long? last)
    {
        const long shortest = 50_000, longest = 1_000_000;
        return last is { } nap ? Math.Min(2 * nap, longest) : shortest;
    }

    private ExitAnswer Carry(VmExit exit)
    {
        _counters.Count(exit.Kind);
        lock (_machineLock)
        {
            _whereabouts = Whereabouts.OnItsWay;
            TakeTaskPriority();
            _isHalted = exit.Kind is VmExitKind.Halt or VmExitKind.Wait;
            _nap = exit.Kind == VmExitKind.Wait ? NapAfter(_nap) : null;
            if (exit.Kind == VmExitKind.Shutdown)
                _requests.Crash(_vcpu.Index);
            var answer = _exits.Dispatch(exit);
            _trace.Exit(_vcpu.Index, exit, answer);
            return answer;
        }
    }

    /// <summary>Tells the APIC what the guest has made of CR8 meanwhile.</summary>
    private void TakeTaskPriority()
    {
        if (Apic.KnowsTaskPriority)
            return;
        Apic.KnowsTaskPriority = true;
        Apic.TaskPriority = _vcpu.TaskPriority;
    }

    /// <summary>Finishes the instruction that the last exit belongs to; it may ask several more questions.</summary>
    private void Settle(ref ExitAnswer answer)
    {
        while (_vcpu.Settle(answer) is { } more)
            answer = Carry(more);
        answer = ExitAnswer.Done;
    }
}
