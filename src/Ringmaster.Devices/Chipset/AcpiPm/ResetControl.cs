using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Chipset.AcpiPm;

/// <summary>
/// The reset control register at port CF9h (Intel ICH9 datasheet 13.7.4): bit 1 selects a hard reset, bit 2 triggers, bit 3
/// asks for a power cycle.
/// </summary>
/// <remarks>
/// The port lies inside the PCI configuration address register at CF8h, which is only accessed with 32 bits. A host bridge
/// that claims CF8h to CFBh as a whole does not attach this device to the bus, but passes byte accesses at CF9h to
/// <see cref="Value"/> and <see cref="Write"/>.
/// </remarks>
public sealed class ResetControl : StatefulDevice<ResetControlState>, IPortDevice
{
    private const byte HardBit = 1 << 1, TriggerBit = 1 << 2, FullBit = 1 << 3;

    private readonly Action<ResetKind> _reset;

    /// <summary>Creates the register.</summary>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    /// <param name="reset">Called inside a port write: whoever receives it acts after the vCPU's exit is complete.</param>
    public ResetControl(string name, Action<ResetKind> reset) : base(name) => _reset = reset;

    /// <summary>What a read of the register gives; the trigger is never seen set.</summary>
    public byte Value { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> PortRanges => [new(AcpiPmLayout.ResetRegister, 1)];

    /// <inheritdoc/>
    protected override string StateKind => "reset-control";

    /// <inheritdoc/>
    protected override JsonTypeInfo<ResetControlState> StateType => AcpiPmStateContext.Default.ResetControlState;

    /// <summary>Writes the register.</summary>
    public void Write(byte value)
    {
        Value = (byte)(value & (HardBit | FullBit));
        if ((value & TriggerBit) == 0)
            return;
        _reset((value & (HardBit | FullBit)) switch
        {
            HardBit | FullBit => ResetKind.PowerCycle,
            HardBit => ResetKind.Hard,
            _ => ResetKind.Soft,
        });
    }

    /// <inheritdoc/>
    public override void Reset() => Value = 0;

    /// <inheritdoc/>
    public uint ReadPort(IoPort port, int size) => Value;

    /// <inheritdoc/>
    public void WritePort(IoPort port, int size, uint value) => Write((byte)value);

    /// <inheritdoc/>
    protected override ResetControlState Capture() => new(Value);

    /// <inheritdoc/>
    protected override void Apply(ResetControlState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Value = (byte)(state.Value & (HardBit | FullBit));
    }
}
