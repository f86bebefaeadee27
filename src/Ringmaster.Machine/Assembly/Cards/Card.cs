using Ringmaster.Devices.Pci;

namespace Ringmaster.Machine.Assembly.Cards;

/// <summary>A device for a slot of the PCI bus, connected outside.</summary>
/// <param name="Device">The device.</param>
internal sealed record Card(IPciDevice Device)
{
    /// <summary>What it is plugged into outside; null for nothing that somebody has opened for it.</summary>
    public object? Backend { get; init; }

    /// <summary>
    /// Keeps what is outside from calling the device. To be called without the machine's lock, when the device is off the bus or the
    /// machine has ended.
    /// </summary>
    public Action Disconnect { get; init; } = () => { };

    /// <summary>Whether the device may leave the running machine.</summary>
    public bool CanLeave { get; init; } = true;
}
