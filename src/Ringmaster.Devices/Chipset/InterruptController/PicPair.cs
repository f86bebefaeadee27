using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Chipset.InterruptController;

/// <summary>
/// The PC's two cascaded 8259A interrupt controllers (PIC) with the edge/level control registers: ports 20h, 21h, A0h, A1h,
/// 4D0h and 4D1h.
/// </summary>
/// <remarks>
/// As on the chip, an edge-triggered request is lost when its line falls before the processor acknowledges it. A device that
/// signals by a pulse therefore drives its line down and then up, and leaves it up.
/// </remarks>
public sealed partial class PicPair : StatefulDevice<PicPairState>, IPortDevice
{
    /// <summary>The master's input that carries the slave's output.</summary>
    public const int CascadeInput = 2;

    private const ushort MasterEven = 0x20, MasterOdd = 0x21, SlaveEven = 0xA0, SlaveOdd = 0xA1, MasterElcr = 0x4D0, SlaveElcr = 0x4D1;

    private readonly PicChip _master = new(isMaster: true, levelCapable: 0xF8);
    private readonly PicChip _slave = new(isMaster: false, levelCapable: 0xDE);
    private readonly IInterruptLine _output;
    private readonly InputLine[] _inputs;

    /// <summary>Creates the pair with all inputs masked.</summary>
    /// <param name="output">The processor's INTR pin (or the local APIC's LINT0).</param>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    public PicPair(IInterruptLine output, string name = "pic") : base(name)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
        _inputs = [.. Enumerable.Range(0, 16).Select(irq => new InputLine(this, irq))];
    }

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> PortRanges { get; } =
        [new(new IoPort(MasterEven), 2), new(new IoPort(SlaveEven), 2), new(new IoPort(MasterElcr), 2)];

    /// <inheritdoc/>
    protected override string StateKind => "pic8259";

    /// <inheritdoc/>
    protected override JsonTypeInfo<PicPairState> StateType => PicPairStateJson.Default.PicPairState;

    /// <summary>The wire to an interrupt input.</summary>
    /// <param name="irq">0 to 15, but not <see cref="CascadeInput"/>.</param>
    public IInterruptLine Input(int irq)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(irq);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(irq, 15);
        ArgumentOutOfRangeException.ThrowIfEqual(irq, CascadeInput);
        return _inputs[irq];
    }

    /// <summary>The processor's interrupt acknowledge (INTA) cycle.</summary>
    /// <returns>The vector; that of IRQ 7 or 15, not taken into service, if the request has gone (a spurious interrupt).</returns>
    public byte Acknowledge()
    {
        var input = _master.Acknowledge(out var spurious);
        var vector = _master.Vector(input);
        if (input == CascadeInput && !spurious)
        {
            vector = _slave.Vector(_slave.Acknowledge(out _));
            // The slave's INT pin falls with every acknowledgement, so that a further request makes an edge at the master.
            _master.SetInput(CascadeInput, false);
        }
        Settle();
        return vector;
    }

    /// <inheritdoc/>
    public uint ReadPort(IoPort port, int size)
    {
        uint value = port.Value switch
        {
            MasterEven => _master.ReadEven(),
            MasterOdd => _master.ReadOdd(),
            SlaveEven => _slave.ReadEven(),
            SlaveOdd => _slave.ReadOdd(),
            MasterElcr => _master.LevelTriggered,
            SlaveElcr => _slave.LevelTriggered,
            _ => 0xFF,
        };
        // A read after a poll command acknowledges.
        Settle();
        return value;
    }

    /// <inheritdoc/>
    public void WritePort(IoPort port, int size, uint value)
    {
        switch (port.Value)
        {
            case MasterEven:
                _master.WriteEven((byte)value);
                break;
            case MasterOdd:
                _master.WriteOdd((byte)value);
                break;
            case SlaveEven:
                _slave.WriteEven((byte)value);
                break;
            case SlaveOdd:
                _slave.WriteOdd((byte)value);
                break;
            case MasterElcr:
                _master.LevelTriggered = (byte)value;
                break;
            case SlaveElcr:
                _slave.LevelTriggered = (byte)value;
                break;
        }
        Settle();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        _master.Reset();
        _slave.Reset();
        Settle();
    }

    /// <inheritdoc/>
    protected override PicPairState Capture() => new(_master.Capture(), _slave.Capture());

    /// <inheritdoc/>
    protected override void Apply(PicPairState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _slave.Restore(state.Slave);
        _master.Restore(state.Master);
        Settle();
    }

    private void SetInput(int irq, bool asserted)
    {
        if (_borrower is not null)
        {
            if ((irq < 8 ? _master : _slave).TryNoteLine(irq & 7, asserted))
                _borrower(irq, asserted);
            return;
        }
        (irq < 8 ? _master : _slave).SetInput(irq & 7, asserted);
        if (irq >= 8 && !_slave.Output)
            _master.LowerCascade();
        Settle();
    }

    /// <summary>Brings the wires from slave to master and from master to processor up to date.</summary>
    private void Settle()
    {
        if (IsLent)
            return;
        _master.SetInput(CascadeInput, _slave.Output);
        _output.Set(_master.Output);
    }

    private sealed class InputLine(PicPair pair, int irq) : IInterruptLine
    {
        public void Set(bool asserted) => pair.SetInput(irq, asserted);
    }
}
