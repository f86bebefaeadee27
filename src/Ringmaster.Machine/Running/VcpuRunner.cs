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
/// Only <see cref="Run"/>'s thread touches the vCPU. What the local APIC wants of it on other threads becomes a request
/// that this thread carries out; a kick or the wake-up of a halted vCPU makes it look.
/// </remarks>
internal sealed class VcpuRunner : ILocalApicOutput, IDisposable
{
    private readonly IVirtualCpu _vcpu;
    private readonly PcPlatform _platform;
    private readonly ModelMsrs _msrs;
    private readonly Lock _machineLock;
    private readonly MachineTrace _trace;
    private readonly Action _init;
    private readonly Alarm _wake = new();
    private LocalApic? _apic;
    private int _thread;
    private bool _nmiRequested;
    private bool _isDisposed;

    /// <summary>Creates the loop.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="platform">Where its exits go.</param>
    /// <param name="msrs">Registers that neither engine nor device keeps.</param>
    /// <param name="machineLock">Guards all devices.</param>
    /// <param name="trace">Hears of exits and interrupts.</param>
    /// <param name="init">Called with the lock held when an INIT arrives.</param>
    public VcpuRunner(IVirtualCpu vcpu, PcPlatform platform, ModelMsrs msrs, Lock machineLock, MachineTrace trace, Action init)
    {
        _vcpu = vcpu;
        _platform = platform;
        _msrs = msrs;
        _machineLock = machineLock;
        _trace = trace;
        _init = init;
    }

    /// <summary>What it has counted.</summary>
    public ExitCounters Counters { get; } = new();

    /// <summary>The vCPU.</summary>
    public IVirtualCpu Vcpu => _vcpu;

    private LocalApic Apic => _apic ?? throw new InvalidOperationException("The vCPU has no local APIC yet.");

    /// <summary>Connects the local APIC, which needs this object as its processor.</summary>
    public void Connect(LocalApic apic) => _apic = apic;

    /// <summary>Makes the loop look up soon. From any thread, also after disposal.</summary>
    public void Wake()
    {
        // The loop's own thread looks before it runs or sleeps again.
        if (Environment.CurrentManagedThreadId == Volatile.Read(ref _thread))
            return;
        lock (_machineLock)
        {
            if (_isDisposed)
                return;
            _vcpu.Kick();
            _wake.Set();
        }
    }

    /// <summary>Runs until something asks for the whole machine's attention.</summary>
    /// <param name="isWanted">Whether to go on; called with the lock held before each entry.</param>
    /// <returns><see cref="VmExitKind.Shutdown"/>, or another kind with no exit unanswered: the state may be looked at.</returns>
    public VmExitKind Run(Func<bool> isWanted)
    {
        Volatile.Write(ref _thread, Environment.CurrentManagedThreadId);
        try
        {
            var answer = ExitAnswer.Done;
            while (Prepare(isWanted))
            {
                var exit = _vcpu.Run(answer);
                answer = Carry(exit);
                if (exit.Kind == VmExitKind.Shutdown)
                    return exit.Kind;
                if (exit.Kind == VmExitKind.Halt)
                    WaitForWork(isWanted);
            }
            // The instruction that the last exit belongs to is finished; it may ask several more questions.
            while (_vcpu.Settle(answer) is { } more)
                answer = Carry(more);
            return VmExitKind.Kicked;
        }
        finally
        {
            Volatile.Write(ref _thread, 0);
        }
    }

    /// <summary>Forgets what was asked of the vCPU; it has just been reset.</summary>
    public void Reset() => _nmiRequested = false;

    /// <inheritdoc/>
    public void InterruptPending() => Wake();

    /// <inheritdoc/>
    public void Nmi()
    {
        _nmiRequested = true;
        Wake();
    }

    /// <summary>
    /// An INIT to the bootstrap processor. It would start again at the reset vector (SDM 3A 9.1.4 and 9.4), where a PC has
    /// firmware that tells a warm start from a cold one. A machine that starts its kernel directly has nothing there, so the
    /// INIT resets the whole machine: the kernel starts again, which is what a guest that resets its own processor wants.
    /// </summary>
    public void Init() => _init();

    /// <inheritdoc/>
    public void Startup(byte vector)
    {
        // Only a processor that waits for start-up takes it, and the bootstrap processor never does.
    }

    /// <inheritdoc/>
    public void Smi()
    {
        // There is no system management mode: nothing was ever installed there, so the interrupt returns at once.
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Back ends and users may still call in; from here on they find nobody.
        lock (_machineLock)
            _isDisposed = true;
        _vcpu.Dispose();
        _wake.Dispose();
    }

    /// <summary>Passes on what waits for the vCPU, or asks to be told when it can be passed on.</summary>
    /// <returns>False if the loop is to end.</returns>
    private bool Prepare(Func<bool> isWanted)
    {
        lock (_machineLock)
        {
            if (!isWanted())
                return false;
            if (_nmiRequested)
                _vcpu.InjectNmi();
            _nmiRequested = false;
            GiveInterrupt();
            return true;
        }
    }

    private void GiveInterrupt()
    {
        _vcpu.TaskPriority = Apic.TaskPriority;
        if (!Apic.HasInterrupt)
        {
            if (_vcpu.WantsInterruptWindow)
                _vcpu.WantsInterruptWindow = false;
            return;
        }
        if (!_vcpu.CanTakeInterrupt)
        {
            _vcpu.WantsInterruptWindow = true;
            return;
        }
        if (!Apic.TryAcknowledge(out var vector))
            return;
        _vcpu.InjectInterrupt(vector);
        Counters.CountInterrupt();
        _trace.Interrupt(_vcpu.Index, vector);
        _vcpu.WantsInterruptWindow = Apic.HasInterrupt;
    }

    private ExitAnswer Carry(VmExit exit)
    {
        Counters.Count(exit.Kind);
        lock (_machineLock)
        {
            var answer = Dispatch(exit);
            _trace.Exit(_vcpu.Index, exit, answer);
            return answer;
        }
    }

    private ExitAnswer Dispatch(VmExit exit)
    {
        switch (exit.Kind)
        {
            case VmExitKind.PortRead:
                return ExitAnswer.Value(_platform.Ports.Read(exit.Port, exit.Size));
            case VmExitKind.PortWrite:
                _platform.Ports.Write(exit.Port, exit.Size, (uint)exit.Data);
                return ExitAnswer.Done;
            case VmExitKind.MmioRead:
                return ExitAnswer.Value(IsLocalApic(exit, out var readOffset)
                    ? Apic.ReadMmio(readOffset, exit.Size) : _platform.Mmio.Read(exit.Gpa, exit.Size));
            case VmExitKind.MmioWrite:
                if (IsLocalApic(exit, out var writeOffset))
                    Apic.WriteMmio(writeOffset, exit.Size, exit.Data);
                else
                    _platform.Mmio.Write(exit.Gpa, exit.Size, exit.Data);
                return ExitAnswer.Done;
            case VmExitKind.MsrRead:
                return (LocalApic.OwnsMsr(exit.Msr) ? Apic.TryReadMsr(exit.Msr, out var value) : _msrs.TryRead(exit.Msr, out value))
                    ? ExitAnswer.Value(value) : ExitAnswer.GeneralProtection;
            case VmExitKind.MsrWrite:
                return (LocalApic.OwnsMsr(exit.Msr) ? Apic.TryWriteMsr(exit.Msr, exit.Data) : _msrs.TryWrite(exit.Msr, exit.Data))
                    ? ExitAnswer.Done : ExitAnswer.GeneralProtection;
            case VmExitKind.TaskPriority:
                Apic.TaskPriority = (byte)exit.Data;
                return ExitAnswer.Done;
            default:
                return ExitAnswer.Done;
        }
    }

    private bool IsLocalApic(VmExit exit, out uint offset)
    {
        offset = 0;
        if (Apic.MmioBase is not { } start || exit.Gpa - start >= 4096)
            return false;
        offset = (uint)(exit.Gpa - start);
        return true;
    }

    /// <summary>Sleeps while the vCPU is halted and nothing is there that it would take.</summary>
    private void WaitForWork(Func<bool> isWanted)
    {
        while (true)
        {
            lock (_machineLock)
            {
                // An interrupt does not wake a processor that has masked it: CLI and HLT sleep on.
                if (!isWanted() || _nmiRequested || _vcpu.HasPendingNmi || (Apic.HasInterrupt && _vcpu.CanTakeInterrupt))
                    return;
            }
            _wake.Wait(null);
        }
    }
}
