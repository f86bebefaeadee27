using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.Chipset.IntervalTimer;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Chipset.SystemControl;

/// <summary>
/// Port 61h, system control port B of the AT (PIIX 82371AB "NMI Status and Control"): speaker gate and data, refresh toggle,
/// counter 2's output. No parity or channel check ever happens, so their status bits stay 0.
/// </summary>
public sealed class SystemControlB : StatefulDevice<SystemControlBState>, IPortDevice
{
    private const byte SpeakerGate = 0x01, SpeakerData = 0x02, Refresh = 0x10, TimerOutput = 0x20, Writable = 0x0F;

    private readonly Pit _pit;
    private byte _control;

    /// <summary>Creates the port.</summary>
    /// <param name="pit">The timer whose counter 2 it gates and shows.</param>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    public SystemControlB(Pit pit, string name = "port61") : base(name)
    {
        ArgumentNullException.ThrowIfNull(pit);
        _pit = pit;
    }

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> PortRanges { get; } = [new(new IoPort(0x61), 1)];

    /// <summary>Whether counter 2's output reaches the speaker.</summary>
    public bool SpeakerEnabled => (_control & (SpeakerGate | SpeakerData)) == (SpeakerGate | SpeakerData);

    /// <inheritdoc/>
    protected override string StateKind => "port61";

    /// <inheritdoc/>
    protected override JsonTypeInfo<SystemControlBState> StateType => SystemControlBStateJson.Default.SystemControlBState;

    /// <inheritdoc/>
    public uint ReadPort(IoPort port, int size) =>
        (uint)(_control | (_pit.RefreshToggle ? Refresh : 0) | (_pit.SpeakerOutput ? TimerOutput : 0));

    /// <inheritdoc/>
    public void WritePort(IoPort port, int size, uint value) => Take((byte)value);

    /// <inheritdoc/>
    public override void Reset() => Take(0);

    /// <inheritdoc/>
    protected override SystemControlBState Capture() => new(_control);

    /// <inheritdoc/>
    protected override void Apply(SystemControlBState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Take(state.Control);
    }

    private void Take(byte value)
    {
        _control = (byte)(value & Writable);
        _pit.SetSpeakerGate((_control & SpeakerGate) != 0);
    }
}
