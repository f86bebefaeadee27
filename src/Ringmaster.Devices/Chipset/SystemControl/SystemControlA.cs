using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Chipset.SystemControl;

/// <summary>Port 92h, system control port A of the PS/2: the fast A20 gate (bit 1) and the fast reset (bit 0).</summary>
public sealed class SystemControlA : StatefulDevice<SystemControlAState>, IPortDevice
{
    private const byte Reset0 = 0x01, A20 = 0x02;

    private readonly A20Gate _gate;
    private readonly Action _resetRequested;
    private byte _value;

    /// <summary>Creates the port.</summary>
    /// <param name="gate">The gate that bit 1 drives.</param>
    /// <param name="resetRequested">Called when the guest asks for a reset; must not reset this device inside the call.</param>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    public SystemControlA(A20Gate gate, Action resetRequested, string name = "port92") : base(name)
    {
        ArgumentNullException.ThrowIfNull(gate);
        ArgumentNullException.ThrowIfNull(resetRequested);
        _gate = gate;
        _resetRequested = resetRequested;
    }

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> PortRanges { get; } = [new(new IoPort(0x92), 1)];

    /// <inheritdoc/>
    protected override string StateKind => "port92";

    /// <inheritdoc/>
    protected override JsonTypeInfo<SystemControlAState> StateType => SystemControlAStateJson.Default.SystemControlAState;

    /// <inheritdoc/>
    public uint ReadPort(IoPort port, int size) => _value;

    /// <inheritdoc/>
    public void WritePort(IoPort port, int size, uint value)
    {
        var resets = (value & ~_value & Reset0) != 0;
        Take((byte)value);
        if (resets)
            _resetRequested();
    }

    /// <inheritdoc/>
    public override void Reset() => Take(0);

    /// <inheritdoc/>
    protected override SystemControlAState Capture() => new(_value);

    /// <inheritdoc/>
    protected override void Apply(SystemControlAState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Take(state.Value);
    }

    private void Take(byte value)
    {
        _value = value;
        _gate.FastGate = (value & A20) != 0;
    }
}
