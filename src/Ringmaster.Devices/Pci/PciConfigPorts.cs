using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Pci;

/// <summary>
/// Configuration mechanism #1 (PCI Local Bus 3.0 section 3.2.2.3.2): an address register at CF8h, which only takes accesses of 32
/// bits, and a window on the register that it names at CFCh.
/// </summary>
public sealed class PciConfigPorts : StatefulDevice<PciConfigPortsState>, IPortDevice
{
    private const ushort AddressPort = 0xCF8, DataPort = 0xCFC;
    private const uint Enable = 0x8000_0000, Writable = 0x80FF_FFFC;

    private readonly PciBus _bus;
    private uint _address;

    /// <summary>Creates the device.</summary>
    /// <param name="bus">The bus that it accesses.</param>
    /// <param name="beside">
    /// Who answers ports CF9h to CFBh, and CF8h, for accesses narrower than 32 bits: the board's reset control register is there.
    /// </param>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    public PciConfigPorts(PciBus bus, IPortDevice? beside = null, string name = "pci-config") : base(name) => (_bus, Beside) = (bus, beside);

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> PortRanges { get; } = [new(new IoPort(AddressPort), 4, 4), new(new IoPort(DataPort), 4, 4)];

    /// <inheritdoc/>
    protected override string StateKind => "pci-config";

    /// <inheritdoc/>
    protected override JsonTypeInfo<PciConfigPortsState> StateType => PciStateJson.Default.PciConfigPortsState;

    private IPortDevice? Beside { get; }

    /// <inheritdoc/>
    public uint ReadPort(IoPort port, int size)
    {
        if (port.Value < DataPort)
            return size == 4 ? _address : Answers(port) ? Beside!.ReadPort(port, size) : uint.MaxValue;
        return (_address & Enable) == 0 ? uint.MaxValue : _bus.ReadConfig(Function, Register(port), size);
    }

    /// <inheritdoc/>
    public void WritePort(IoPort port, int size, uint value)
    {
        if (port.Value >= DataPort)
        {
            if ((_address & Enable) != 0)
                _bus.WriteConfig(Function, Register(port), size, value);
        }
        else if (size == 4)
        {
            _address = value & Writable;
        }
        else if (Answers(port))
        {
            Beside!.WritePort(port, size, value);
        }
    }

    /// <inheritdoc/>
    public override void Reset() => _address = 0;

    /// <inheritdoc/>
    protected override PciConfigPortsState Capture() => new(_address);

    /// <inheritdoc/>
    protected override void Apply(PciConfigPortsState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _address = state.Address & Writable;
    }

    private PciAddress Function => PciAddress.FromRoutingId(_address >> 8 & 0xFFFF);

    private int Register(IoPort port) => (int)(_address & 0xFC) + (port.Value - DataPort);

    private bool Answers(IoPort port) => Beside?.PortRanges.Any(r => port.Value - r.First.Value is >= 0 and var at && at < r.Count) == true;
}
