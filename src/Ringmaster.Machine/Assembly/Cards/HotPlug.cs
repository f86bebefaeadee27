using Ringmaster.Devices.Chipset.HotPlug;
using Ringmaster.Devices.Network;
using Ringmaster.Devices.Storage;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Machine.Assembly.Cards;

/// <summary>Devices that come to a running machine, and those that leave it. All of it happens with the machine's lock held.</summary>
internal sealed class HotPlug
{
    private readonly PciSlots _slots;
    private readonly CardFactory _cards;
    private readonly CardNames _names;
    private readonly Action<object>? _left;
    private readonly Dictionary<int, TaskCompletionSource> _leaving = [];

    /// <summary>Makes the registers through which the guest is told.</summary>
    /// <param name="slots">Where devices are.</param>
    /// <param name="cards">Makes them.</param>
    /// <param name="names">Names them.</param>
    /// <param name="notify">Raises the general-purpose event.</param>
    /// <param name="left">Takes the back ends of devices that have left; called without the lock.</param>
    public HotPlug(PciSlots slots, CardFactory cards, CardNames names, Action notify, Action<object>? left)
    {
        (_slots, _cards, _names, _left) = (slots, cards, names, left);
        Ports = new PciHotplugPorts(notify, Eject, slot => slots.Cards.TryGetValue(slot, out var card) && card.CanLeave);
    }

    /// <summary>The registers.</summary>
    public PciHotplugPorts Ports { get; }

    /// <summary>The slots whose devices may come and go.</summary>
    public IReadOnlyList<int> Slots =>
        [.. Enumerable.Range(PciSlots.First, PciSlots.End - PciSlots.First).Where(slot => !_slots.Cards.TryGetValue(slot, out var card) || card.CanLeave)];

    /// <summary>Plugs a disk in.</summary>
    /// <returns>Its name.</returns>
    /// <exception cref="InvalidOperationException">It cannot be plugged in; the message says why.</exception>
    public string Plug(DiskConfig disk, IBlockBackend backend) => disk.Interface is DiskInterface.Virtio or DiskInterface.Nvme
        ? Plug(disk.Id, DeviceNames.Disk, name => _cards.Disk(name, disk.Interface, backend))
        : throw new InvalidOperationException("Only virtio and NVMe disks come to a running VM. Choose interface=virtio or interface=nvme.");

    /// <summary>Plugs a network device in.</summary>
    /// <returns>Its name.</returns>
    /// <exception cref="InvalidOperationException">It cannot be plugged in; the message says why.</exception>
    public string Plug(NetConfig network, INetworkBackend backend) => Plug(network.Id, DeviceNames.Network, name => _cards.Network(name, network, backend));

    /// <summary>Asks the guest to let a device go.</summary>
    /// <returns>Completes when it has left and its back end is not used any more.</returns>
    /// <exception cref="InvalidOperationException">There is no such device, or it cannot leave.</exception>
    public Task Unplug(string name)
    {
        if (_slots.Cards.FirstOrDefault(c => c.Value.Device.Name == name) is not { Value: { } card, Key: var slot })
            throw new InvalidOperationException($"No device {name} can be unplugged. \"ringmaster devices\" shows which there are.");
        if (!card.CanLeave)
            throw new InvalidOperationException($"{name} cannot leave a running VM. Disks (virtio, NVMe) and network devices can.");
        if (!_leaving.TryGetValue(slot, out var end))
            _leaving.Add(slot, end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        Ports.AskToLeave(slot);
        return end.Task;
    }

    /// <summary>The machine is reset: no guest is left that could mind.</summary>
    public void EjectLeaving()
    {
        foreach (var slot in _leaving.Keys.ToList())
            Eject(slot);
    }

    private string Plug(string? id, string prefix, Func<string, Card> make)
    {
        if (id is not null && _names.IsTaken(id))
            throw new InvalidOperationException($"There is a device {id} already. Choose another id.");
        if (_slots.Free is null)
            throw new InvalidOperationException("All slots of the PCI bus are taken. Unplug a device first.");
        var name = _names.Choose(id, prefix);
        try
        {
            Ports.Inserted(_slots.Plug(make(name)));
            return name;
        }
        catch
        {
            _names.Release(name);
            throw;
        }
    }

    private void Eject(int slot)
    {
        var card = _slots.Remove(slot);
        _names.Release(card.Device.Name);
        _leaving.Remove(slot, out var end);
        // Back ends are closed without the machine's lock, which their threads may be waiting for.
        ThreadPool.UnsafeQueueUserWorkItem(_ => Finish(card, end), null);
    }

    private void Finish(Card card, TaskCompletionSource? end)
    {
        try
        {
            card.Disconnect();
            if (card.Backend is { } backend)
                _left?.Invoke(backend);
            end?.TrySetResult();
        }
#pragma warning disable CA1031 // Whoever waits for the device to leave hears of it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            end?.TrySetException(failure);
        }
    }
}
