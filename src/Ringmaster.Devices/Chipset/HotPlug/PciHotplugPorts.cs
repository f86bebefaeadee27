using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Chipset.HotPlug;

/// <summary>
/// The registers by which ACPI code learns that PCI devices have come or are to leave, and lets them go (QEMU,
/// docs/specs/acpi_pci_hotplug). One bit a slot of bus 0.
/// </summary>
public sealed class PciHotplugPorts : StatefulDevice<PciHotplugState>, IPortDevice
{
    /// <summary>The first port.</summary>
    public static readonly IoPort Ports = new(0xAE00);

    /// <summary>The general-purpose event that tells of changes.</summary>
    public const int Event = 1;

    private const int Count = 0x14, Slots = 32, InsertedOffset = 0, LeavingOffset = 4, EjectOffset = 8, RemovableOffset = 12, BusOffset = 16;

    private readonly Action _notify;
    private readonly Action<int> _eject;
    private readonly Func<int, bool> _canLeave;
    private uint _inserted, _leaving, _bus;

    /// <summary>Creates the registers.</summary>
    /// <param name="notify">Raises the general-purpose event.</param>
    /// <param name="eject">Takes the device out of a slot; called only where one may leave.</param>
    /// <param name="canLeave">Whether there is a device in a slot that may leave.</param>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    public PciHotplugPorts(Action notify, Action<int> eject, Func<int, bool> canLeave, string name = "pcihotplug") : base(name)
    {
        ArgumentNullException.ThrowIfNull(notify);
        ArgumentNullException.ThrowIfNull(eject);
        ArgumentNullException.ThrowIfNull(canLeave);
        (_notify, _eject, _canLeave) = (notify, eject, canLeave);
    }

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> PortRanges { get; } = [new(Ports, Count, 4)];

    /// <inheritdoc/>
    protected override string StateKind => "pci-hotplug";

    /// <inheritdoc/>
    protected override JsonTypeInfo<PciHotplugState> StateType => HotplugStateJson.Default.PciHotplugState;

    /// <summary>A device has come.</summary>
    /// <param name="slot">Where, 0 to 31.</param>
    public void Inserted(int slot)
    {
        _inserted |= 1u << slot;
        _notify();
    }

    /// <summary>A device is to leave: the guest is asked to let it go.</summary>
    /// <param name="slot">Where, 0 to 31.</param>
    public void AskToLeave(int slot)
    {
        _leaving |= 1u << slot;
        _notify();
    }

    /// <inheritdoc/>
    public uint ReadPort(IoPort port, int size)
    {
        var offset = port.Value - Ports.Value;
        uint value = (offset & ~3) switch
        {
            // There is one bus; what is told of another is nothing.
            _ when _bus != 0 && offset < BusOffset => 0,
            InsertedOffset => _inserted,
            LeavingOffset => _leaving,
            RemovableOffset => Enumerable.Range(0, Slots).Where(_canLeave).Aggregate(0u, (mask, slot) => mask | 1u << slot),
            BusOffset => _bus,
            // Bit 0 of the features, that there is nothing beyond these registers.
            _ => 0,
        };
        if (offset == InsertedOffset && size == 4 && _bus == 0)
            _inserted = 0;
        return value >> (8 * (offset & 3));
    }

    /// <inheritdoc/>
    public void WritePort(IoPort port, int size, uint value)
    {
        var offset = port.Value - Ports.Value;
        if (offset == BusOffset && size == 4)
            _bus = value;
        if (offset != EjectOffset || size != 4 || _bus != 0)
            return;
        for (var slot = 0; slot < Slots; slot++)
        {
            if ((value >> slot & 1) == 0 || !_canLeave(slot))
                continue;
            _inserted &= ~(1u << slot);
            _leaving &= ~(1u << slot);
            _eject(slot);
        }
    }

    /// <inheritdoc/>
    public override void Reset() => (_inserted, _leaving, _bus) = (0, 0, 0);

    /// <inheritdoc/>
    protected override PciHotplugState Capture() => new(_inserted, _leaving, _bus);

    /// <inheritdoc/>
    protected override void Apply(PciHotplugState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        (_inserted, _leaving, _bus) = (state.Inserted, state.Leaving, state.Bus);
    }
}
