using Ringmaster.Backends.Serial;
using Ringmaster.Devices.Display.Vga;
using Ringmaster.Devices.Dma;
using Ringmaster.Devices.Storage.Ahci;
using Ringmaster.Devices.Virtio.Balloon;
using Ringmaster.Devices.Virtio.Console;
using Ringmaster.Devices.Virtio.Input;
using Ringmaster.Machine.Assembly.Cards;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Machine.Assembly;

/// <summary>The devices on the PCI bus that a machine starts with, in the order of their kinds.</summary>
/// <param name="config">What is asked for.</param>
/// <param name="host">What the devices are connected to.</param>
/// <param name="slots">Takes them.</param>
/// <param name="cards">Makes them.</param>
/// <param name="names">Names them.</param>
internal sealed class PciCards(MachineConfig config, MachineHost host, PciSlots slots, CardFactory cards, CardNames names)
{
    /// <summary>The screen's function, if there is one.</summary>
    public VgaCard? Vga { get; private set; }

    /// <summary>The tablet, if there is one.</summary>
    public VirtioTablet? Tablet { get; private set; }

    /// <summary>The virtio keyboard, if there is one.</summary>
    public VirtioKeyboard? Keyboard { get; private set; }

    /// <summary>The balloon, if there is one.</summary>
    public VirtioBalloon? Balloon { get; private set; }

    /// <summary>Plugs everything in.</summary>
    /// <param name="vga">The screen's device, if there is one.</param>
    /// <param name="disks">The disks as their devices see them.</param>
    /// <param name="dma">Memory as devices see it.</param>
    public void Plug(VgaDevice? vga, BoardDisks disks, DmaSpace dma)
    {
        if (vga is not null)
            slots.Plug(new Card(Vga = new VgaCard(vga, VgaRom.Read(config))) { CanLeave = false });
        slots.Plug(cards.Entropy("rng0"));
        for (var i = 0; i < config.Networks.Count; i++)
        {
            var backend = host.Networks[i] ?? throw new ArgumentException($"Network {i} has no back end.", nameof(host));
            slots.Plug(cards.Network(names.Choose(config.Networks[i].Id, CardNames.Network, i), config.Networks[i], backend, OptionRom.ForNetwork(config, i)));
        }
        for (var i = 0; i < config.Shares.Count; i++)
            slots.Plug(cards.Share($"share{i}", config.Shares[i].Tag, host.Shares[i]));
        foreach (var kind in (DiskInterface[])[DiskInterface.Virtio, DiskInterface.Nvme])
        {
            foreach (var (disk, name) in disks.OwnOf(kind))
                slots.Plug(cards.Disk(name, kind, disk));
        }
        PlugSata(disks, dma);
        PlugInputs();
        PlugConsoles();
        if (config.Vsock is { } vsock)
            slots.Plug(cards.Vsock("vsock0", vsock.Cid, host.Vsock ?? throw new ArgumentException("The sockets have no back end.", nameof(host))));
        if (config.HasBalloon)
            slots.Plug(cards.Balloon("balloon0", Balloon = new VirtioBalloon(dma)));
    }

    private void PlugSata(BoardDisks disks, DmaSpace dma)
    {
        var devices = disks.OnSata(config.Type);
        if (devices.Count > AhciController.Ports)
        {
            throw new MachineSetupException(
                $"There are {devices.Count} SATA disks and CD-ROMs, but only {AhciController.Ports} ports. Give some disks another interface.");
        }
        if (devices.Count > 0)
            slots.Plug(new Card(new AhciController(devices, dma)) { CanLeave = false });
    }

    private void PlugInputs()
    {
        if (config.Inputs.Contains(InputKind.Tablet))
            slots.Plug(cards.Input("tablet0", Tablet = new VirtioTablet()));
        if (config.Inputs.Contains(InputKind.Keyboard))
            slots.Plug(cards.Input("keyboard0", Keyboard = new VirtioKeyboard()));
    }

    private void PlugConsoles()
    {
        if (config.Consoles.Count == 0)
            return;
        var ports = config.Consoles.Select((console, i) => new ConsolePort(host.Consoles[i], console.Name)).ToList();
        // The first port is a console whatever is behind it (virtio 1.2 section 5.3.2).
        if (ports.Find(port => port.IsConsole) is not { } first)
            ports.Insert(0, new ConsolePort(new NullSerialBackend()));
        else if (ports.Remove(first))
            ports.Insert(0, first);
        slots.Plug(cards.Console("console0", ports));
    }
}
