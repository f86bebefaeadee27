using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Kvm.Execution;

/// <content>Interrupts, NMIs and the task priority.</content>
internal sealed unsafe partial class KvmVirtualCpu
{
    private bool _canTakeInterrupt;
    private bool _nmiLatched;

    /// <inheritdoc/>
    public bool CanTakeInterrupt => _canTakeInterrupt && !_mustComplete && _activity is ActivityState.Running or ActivityState.Halted;

    /// <inheritdoc/>
    public bool WantsInterruptWindow { get; set; }

    /// <inheritdoc/>
    public byte TaskPriority
    {
        get => (byte)_area->Cr8;
        set => _area->Cr8 = value & 0xFu;
    }

    /// <inheritdoc/>
    public byte TaskPriorityThreshold { get; set; }

    /// <inheritdoc/>
    public bool HasPendingNmi => _nmiLatched && _vcpu.Events.NmiMasked == 0;

    /// <inheritdoc/>
    public void InjectInterrupt(byte vector)
    {
        if (_hasApic)
            DeliverInterrupt(vector);
        else
            _vcpu.Interrupt(vector);
        _activity = ActivityState.Running;
        _canTakeInterrupt = false;
    }

    /// <inheritdoc/>
    public void InjectNmi() => _nmiLatched = true;

    /// <summary>Ends a halt if an event does that which the vCPU has already.</summary>
    private bool TryWake()
    {
        if (_activity == ActivityState.Halted && HasPendingNmi)
            _activity = ActivityState.Running;
        return _activity == ActivityState.Running;
    }

    /// <summary>Hands a latched NMI to the kernel, which delivers it once it is not blocked.</summary>
    private void GiveNmi()
    {
        if (!_nmiLatched)
            return;
        _nmiLatched = false;
        _vcpu.Nmi();
    }
}
