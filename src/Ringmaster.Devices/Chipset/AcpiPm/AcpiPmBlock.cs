using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.Clock;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Chipset.AcpiPm;

/// <summary>
/// The ACPI fixed hardware (ACPI 6.5 4.8): PM1a event and control block, PM timer, general-purpose events 0 to 15, and the
/// SMI command port, through which an operating system takes the machine from legacy to ACPI mode.
/// </summary>
public sealed class AcpiPmBlock : StatefulDevice<AcpiPmState>, IPortDevice
{
    /// <summary>General-purpose events.</summary>
    public const int GpeCount = 16;

    private const ushort SciEnableBit = 1 << 0, SleepEnableBit = 1 << 13;

    // SCI_EN, BM_RLD, SLP_TYP. GBL_RLS and SLP_EN are write-only.
    private const ushort ControlBits = 0x1C03;

    private readonly AcpiPmWiring _wiring;
    private readonly int _timerBits;
    private readonly IVmTimer _timerAlarm;
    private Pm1Event _status, _enable;
    private ushort _control;
    private ushort _gpeStatus, _gpeEnable;
    private byte _smiCommand, _smiScratch;

    /// <summary>Creates the block in its power-on state: legacy mode, all events disabled.</summary>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    /// <param name="wiring">What it is connected to.</param>
    /// <param name="layout">Its ports; <see cref="AcpiPmLayout.Default"/> if not given.</param>
    /// <param name="wideTimer">Whether the PM timer has 32 bits (FADT flag TMR_VAL_EXT) rather than 24.</param>
    public AcpiPmBlock(string name, AcpiPmWiring wiring, AcpiPmLayout? layout = null, bool wideTimer = true) : base(name)
    {
        ArgumentNullException.ThrowIfNull(wiring);
        _wiring = wiring;
        Layout = layout ?? AcpiPmLayout.Default;
        _timerBits = wideTimer ? 32 : 24;
        _timerAlarm = wiring.Clock.CreateTimer(name + ".pmtimer", TimerCarry);
        Reset();
    }

    /// <summary>Its ports.</summary>
    public AcpiPmLayout Layout { get; }

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> PortRanges =>
    [
        new(Layout.Pm1aEvent, AcpiPmLayout.Pm1EventLength, 4),
        new(Layout.Pm1aControl, AcpiPmLayout.Pm1ControlLength, 2),
        new(Layout.PmTimer, AcpiPmLayout.PmTimerLength, 4),
        new(Layout.Gpe0, AcpiPmLayout.Gpe0Length, 4),
        new(AcpiPmLayout.SmiCommand, 2),
    ];

    /// <summary>Whether events raise the SCI: the operating system has switched the machine to ACPI mode.</summary>
    public bool IsAcpiMode => (_control & SciEnableBit) != 0;

    /// <inheritdoc/>
    protected override string StateKind => "acpi-pm";

    /// <inheritdoc/>
    protected override JsonTypeInfo<AcpiPmState> StateType => AcpiPmStateContext.Default.AcpiPmState;

    private uint TimerValue => (uint)(PmTimer.TicksAt(_wiring.Clock.Now) & ((1UL << _timerBits) - 1));

    private uint EventBlock => (ushort)_status | ((uint)_enable << 16);

    private uint GpeBlock => _gpeStatus | ((uint)_gpeEnable << 16);

    /// <summary>Someone presses the power button.</summary>
    /// <returns>Whether the guest listens to it; otherwise only a forced power-off will help.</returns>
    public bool PressPowerButton()
    {
        Raise(Pm1Event.PowerButton);
        return IsAcpiMode && (_enable & Pm1Event.PowerButton) != 0;
    }

    /// <summary>Someone presses the sleep button.</summary>
    /// <returns>Whether the guest listens to it.</returns>
    public bool PressSleepButton()
    {
        Raise(Pm1Event.SleepButton);
        return IsAcpiMode && (_enable & Pm1Event.SleepButton) != 0;
    }

    /// <summary>The real-time clock's alarm rang.</summary>
    public void RaiseRtcAlarm() => Raise(Pm1Event.RealTimeClock);

    /// <summary>The machine has come out of a sleep state: the guest finds WAK_STS set.</summary>
    public void Wake() => Raise(Pm1Event.Wake);

    /// <summary>A general-purpose event happened; the DSDT says what it means.</summary>
    /// <param name="number">0 to 15.</param>
    public void RaiseGpe(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, GpeCount);
        _gpeStatus |= (ushort)(1 << number);
        UpdateSci();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        _status = _enable = Pm1Event.None;
        _control = 0;
        _gpeStatus = _gpeEnable = 0;
        _smiCommand = _smiScratch = 0;
        ArmTimer();
        UpdateSci();
    }

    /// <inheritdoc/>
    public uint ReadPort(IoPort port, int size)
    {
        var (block, shift) = Locate(port);
        var value = block switch
        {
            Block.Event => EventBlock,
            Block.Control => _control,
            Block.Timer => TimerValue,
            Block.Gpe => GpeBlock,
            _ => _smiCommand | ((uint)_smiScratch << 8),
        };
        return value >> shift;
    }

    /// <inheritdoc/>
    public void WritePort(IoPort port, int size, uint value)
    {
        var (block, shift) = Locate(port);
        var written = (size == 4 ? uint.MaxValue : (1u << size * 8) - 1) << shift;
        value <<= shift;
        switch (block)
        {
            case Block.Event:
                // Status bits are cleared by writing one to them, enables are plain.
                _status &= ~(Pm1Event)(ushort)value;
                _enable = (Pm1Event)(ushort)(Merge(EventBlock, value, written) >> 16) & Pm1Event.AnyEnable;
                break;
            case Block.Gpe:
                _gpeStatus &= (ushort)~value;
                _gpeEnable = (ushort)(Merge(GpeBlock, value, written) >> 16);
                break;
            case Block.Control:
                var control = (ushort)Merge(_control, value, written);
                _control = (ushort)(control & ControlBits);
                if ((value & written & SleepEnableBit) != 0)
                    _wiring.Sleep((control >> 10) & 7);
                break;
            case Block.Smi:
                if ((written & 0xFF) != 0)
                    WriteSmiCommand((byte)value);
                if ((written & 0xFF00) != 0)
                    _smiScratch = (byte)(value >> 8);
                break;
        }
        UpdateSci();
    }

    /// <inheritdoc/>
    protected override AcpiPmState Capture() => new(
        (ushort)_status, (ushort)_enable, _control, _gpeStatus, _gpeEnable, _smiCommand, _smiScratch,
        _timerAlarm.Deadline ?? 0);

    /// <inheritdoc/>
    protected override void Apply(AcpiPmState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _status = (Pm1Event)state.Status & Pm1Event.AnyStatus;
        _enable = (Pm1Event)state.Enable & Pm1Event.AnyEnable;
        _control = (ushort)(state.Control & ControlBits);
        _gpeStatus = state.GpeStatus;
        _gpeEnable = state.GpeEnable;
        _smiCommand = state.SmiCommand;
        _smiScratch = state.SmiScratch;
        ArmTimer();
        // A carry that was due when the state was saved is still due.
        if (state.TimerAlarm < _timerAlarm.Deadline)
            _timerAlarm.Arm(state.TimerAlarm);
        UpdateSci();
    }

    private static uint Merge(uint old, uint value, uint written) => (old & ~written) | (value & written);

    private (Block Block, int Shift) Locate(IoPort port)
    {
        var offset = port.Value - Layout.Base.Value;
        return offset switch
        {
            >= 0 and < 4 => (Block.Event, offset * 8),
            4 or 5 => (Block.Control, (offset - 4) * 8),
            >= 8 and < 12 => (Block.Timer, (offset - 8) * 8),
            >= 0x20 and < 0x24 => (Block.Gpe, (offset - 0x20) * 8),
            _ => (Block.Smi, (port.Value - AcpiPmLayout.SmiCommand.Value) * 8),
        };
    }

    // Without system-management code behind it the port does itself what firmware's SMI handler would.
    private void WriteSmiCommand(byte value)
    {
        _smiCommand = value;
        switch (value)
        {
            case AcpiPmLayout.AcpiEnable:
                _control |= SciEnableBit;
                break;
            case AcpiPmLayout.AcpiDisable:
                _control &= unchecked((ushort)~SciEnableBit);
                break;
            default:
                _wiring.SmiCommand?.Invoke(value);
                break;
        }
    }

    private void Raise(Pm1Event happened)
    {
        _status |= happened;
        UpdateSci();
    }

    private void UpdateSci() => _wiring.Sci.Set(IsAcpiMode && ((_status & _enable) != 0 || (_gpeStatus & _gpeEnable) != 0));

    private void TimerCarry()
    {
        ArmTimer();
        Raise(Pm1Event.Timer);
    }

    /// <summary>ACPI 6.5 4.8.3.1.1: TMR_STS is set whenever the timer's most significant bit changes.</summary>
    private void ArmTimer()
    {
        var half = 1UL << (_timerBits - 1);
        _timerAlarm.Arm(PmTimer.TimeOf((PmTimer.TicksAt(_wiring.Clock.Now) / half + 1) * half));
    }

    private enum Block
    {
        Event,
        Control,
        Timer,
        Gpe,
        Smi,
    }
}
