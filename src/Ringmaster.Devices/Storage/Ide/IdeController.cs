using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Storage.Ide;

/// <summary>An IDE channel of an ISA machine: a cable at fixed ports, without a bus master.</summary>
public sealed class IdeController : StatefulDevice<IdeChannelState>, IPortDevice
{
    /// <summary>First port of the primary command block; its control port is 3F6h, its interrupt 14.</summary>
    public const ushort PrimaryCommand = 0x1F0;

    /// <summary>The primary control port.</summary>
    public const ushort PrimaryControl = 0x3F6;

    /// <summary>First port of the secondary command block; its control port is 376h, its interrupt 15.</summary>
    public const ushort SecondaryCommand = 0x170;

    /// <summary>The secondary control port.</summary>
    public const ushort SecondaryControl = 0x376;

    internal const int CommandPorts = 8;

    private readonly IdeChannel _channel;
    private readonly ushort _command;

    /// <summary>Creates the controller.</summary>
    /// <param name="channel">The cable.</param>
    /// <param name="command">First of the eight ports of the command block.</param>
    /// <param name="control">The port of the control block.</param>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    public IdeController(IdeChannel channel, ushort command = PrimaryCommand, ushort control = PrimaryControl, string name = "ide0") : base(name)
    {
        ArgumentNullException.ThrowIfNull(channel);
        (_channel, _command) = (channel, command);
        PortRanges = [new(new IoPort(command), CommandPorts, 4), new(new IoPort(control), 1)];
        channel.Reset();
    }

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> PortRanges { get; }

    /// <inheritdoc/>
    protected override string StateKind => "ide";

    /// <inheritdoc/>
    protected override JsonTypeInfo<IdeChannelState> StateType => IdeStateJson.Default.IdeChannelState;

    /// <inheritdoc/>
    public uint ReadPort(IoPort port, int size)
    {
        var register = port.Value - _command;
        return register is >= 0 and < CommandPorts ? _channel.ReadCommandBlock(register, size) : _channel.ReadAlternateStatus();
    }

    /// <inheritdoc/>
    public void WritePort(IoPort port, int size, uint value)
    {
        var register = port.Value - _command;
        if (register is >= 0 and < CommandPorts)
            _channel.WriteCommandBlock(register, size, value);
        else
            _channel.WriteControl((byte)value);
    }

    /// <inheritdoc/>
    public override void Reset() => _channel.Reset();

    /// <inheritdoc/>
    protected override IdeChannelState Capture() => _channel.Capture();

    /// <inheritdoc/>
    protected override void Apply(IdeChannelState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _channel.Check(Name, state);
        _channel.Apply(state);
        _channel.Resume();
    }
}
