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
internal sealed class VcpuRunner : ILocalApicOutput, IDisposable
{
    private readonly IVirtualCpu _vcpu;
    private readonly PcPlatform _platform;
    private readonly ModelMsrs _msrs;
    private readonly Lock _machineLock;
    private readonly MachineTrace _trace;
    private readonly Action _askReset;
    private readonly Alarm _wake = new();
    private LocalApic? _apic;
    private bool _isInside;

    public VcpuRunner(IVirtualCpu vcpu, PcPlatform platform, ModelMsrs msrs, Lock machineLock, MachineTrace trace, Action askReset)
    {
        _vcpu = vcpu;
        _platform = platform;
        _msrs = msrs;
        _machineLock = machineLock;
        _trace = trace;
        _askReset = askReset;
    }

    /// <summary>What it has counted.</summary>
    public ExitCounters Counters { get; } = new();

    /// <summary>The vCPU.</summary>
    public IVirtualCpu Vcpu => _vcpu;

    private LocalApic Apic => _apic ?? throw new InvalidOperationException("The vCPU has no local APIC yet.");

    /// <summary>Connects the local APIC, which needs this object as its processor.</summary>
    public void Connect(LocalApic apic) => _apic = apic;

    /// <summary>Makes the loop look up soon. From any thread.</summary>
    public void Wake()
    {
        if (_isInside && _machineLock.IsHeldByCurrentThread)
            return;
        _vcpu.Kick();
        _wake.Set();
    }

    /// <summary>Runs until something asks for the whole machine's attention.</summary>
    /// <param name="isWanted">Whether to go on; called with the lock held after each exit.</param>
    /// <returns>The state's owner may look at it now: no exit is unanswered.</returns>
    public VmExitKind Run(Func<bool> isWanted)
    {
        var answer = ExitAnswer.Done;
        while (true)
        {
            lock (_machineLock)
            {
                if (!isWanted())
                    return Settle(answer);
                GiveInterrupts();
            }
            var exit = _vcpu.Run(answer);
            Counters.Count(exit.Kind);
            if (exit.Kind == VmExitKind.Shutdown)
                return exit.Kind;
            answer = Carry(exit);
            if (exit.Kind == VmExitKind.Halt)
                WaitForWork(isWanted);
        }
    }

    /// <inheritdoc/>
    public void InterruptPending() => Wake();

    /// <inheritdoc/>
    public void Nmi()
    {
        _vcpu.InjectNmi();
        Wake();
    }

    /// <inheritdoc/>
    public void Init()
    {
        // With one processor an INIT comes only from the guest's own hand; a reset of the whole machine does what it expects.
        _askReset();
    }

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
        _vcpu.Dispose();
        _wake.Dispose();
    }

    /// <summary>Passes on what the local APIC has for the vCPU, or asks to be told when it can be passed on.</summary>
    private void GiveInterrupts()
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
        if (exit.Kind is VmExitKind.Kicked or VmExitKind.InterruptWindow or VmExitKind.Halt)
            return ExitAnswer.Done;
        lock (_machineLock)
        {
            _isInside = true;
            var answer = Dispatch(exit);
            _isInside = false;
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

    /// <summary>Sleeps while the vCPU is halted and nothing is there for it.</summary>
    private void WaitForWork(Func<bool> isWanted)
    {
        while (true)
        {
            lock (_machineLock)
            {
                if (!isWanted() || Apic.HasInterrupt || _vcpu.HasPendingNmi)
                    return;
            }
            _wake.Wait(null);
        }
    }

    /// <summary>Finishes the instruction that the last exit belongs to; it may ask several more questions.</summary>
    private VmExitKind Settle(ExitAnswer answer)
    {
        while (_vcpu.Settle(answer) is { } exit)
            answer = Carry(exit);
        return VmExitKind.Kicked;
    }
}
