using Ringmaster.Devices;
using Ringmaster.Devices.Clock;
using Ringmaster.Devices.Display.Vga;
using Ringmaster.Devices.Dma;
using Ringmaster.Devices.Network;
using Ringmaster.Devices.Network.E1000;
using Ringmaster.Devices.Pci;
using Ringmaster.Devices.Storage;
using Ringmaster.Devices.Storage.Ahci;
using Ringmaster.Devices.Storage.Ide;
using Ringmaster.Devices.Storage.Nvme;
using Ringmaster.Devices.Virtio;
using Ringmaster.Devices.Virtio.Block;
using Ringmaster.Devices.Virtio.Net;
using Ringmaster.Devices.Virtio.NineP;
using Ringmaster.Devices.Virtio.Pci;
using Ringmaster.Devices.Virtio.Rng;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Machine.Assembly;

/// <summary>The devices on the PCI bus that a configuration asks for, in their slots and connected to their back ends.</summary>
/// <param name="config">What is asked for.</param>
/// <param name="host">What the devices are connected to.</param>
/// <param name="platform">Takes the devices in.</param>
/// <param name="dma">Memory as they see it.</param>
/// <param name="clock">The machine's clock.</param>
/// <param name="requests">Hears of what a device throws on a back end's thread.</param>
/// <param name="machineLock">The machine's lock.</param>
internal sealed class PciCards(
    MachineConfig config, MachineHost host, PcPlatform platform, DmaSpace dma, IVmClock clock, MachineRequests requests, Lock machineLock)
{
    /// <summary>The first slot on the bus that no chipset uses.</summary>
    private const int FirstSlot = 2;

    private const int MostQueues = 8, SataPorts = 6, IdeDrives = 4;
    private const uint BlockClass = 0x01_0000, OtherClass = 0xFF_0000, NinePClass = 0x00_0200;

    private int _nextSlot = FirstSlot;

    /// <summary>Plugs everything in.</summary>
    /// <returns>The IDE controller, if there is one.</returns>
    public PiixIde? Plug()
    {
        if (platform.Vga is { } vga)
            Plug(new VgaCard(vga, VgaRom.Read(config)));
        Plug("rng0", new VirtioRng(), OtherClass);
        for (var i = 0; i < config.Networks.Count; i++)
            PlugNetwork(i, config.Networks[i], host.Networks[i] ?? throw new ArgumentException($"Network {i} has no back end.", nameof(host)));
        for (var i = 0; i < config.Shares.Count; i++)
            Plug($"share{i}", new VirtioNineP(config.Shares[i].Tag, host.Shares[i], Post), NinePClass);
        return PlugDisks();
    }

    /// <summary>A disk as its device sees it, and what the guest can tell it apart by.</summary>
    private IEnumerable<(IBlockBackend Backend, string Serial)> Disks(DiskInterface kind) =>
        from index in Enumerable.Range(0, config.Disks.Count)
        where config.Disks[index].Interface == kind
        select ((IBlockBackend)new LockedBlockBackend(host.Disks[index], machineLock, requests.Fail), $"disk{index}");

    private PiixIde? PlugDisks()
    {
        foreach (var (backend, serial) in Disks(DiskInterface.Virtio))
            Plug(serial, new VirtioBlock(backend, serial, Math.Min(config.Cpus.Count, MostQueues)), BlockClass);
        foreach (var (backend, serial) in Disks(DiskInterface.Nvme))
            Plug(new NvmeController(backend, dma, clock, serial, serial));
        var sata = Disks(DiskInterface.Sata).Select(d => new AhciDisk(d.Backend, d.Serial)).ToList();
        if (sata.Count > SataPorts)
            throw new MachineSetupException($"There are {sata.Count} SATA disks, but only {SataPorts} ports. Give some another interface.");
        if (sata.Count > 0)
            Plug(new AhciController([.. sata], dma));
        return PlugIde();
    }

    private PiixIde? PlugIde()
    {
        List<IdeDrive> drives =
        [
            .. Disks(DiskInterface.Ide).Select(d => new AtaDisk(d.Backend, new IdeModel(d.Serial, "Ringmaster disk"))),
            .. Disks(DiskInterface.CdRom).Select(d => new AtapiDrive(d.Backend, new IdeModel(d.Serial, "Ringmaster CD-ROM"))),
        ];
        if (drives.Count == 0)
            return null;
        if (drives.Count > IdeDrives)
            throw new MachineSetupException($"There are {drives.Count} IDE drives and CD-ROMs, but only {IdeDrives} places. Give some another interface.");
        IdeDrive? At(int place) => place < drives.Count ? drives[place] : null;
        var ide = platform.AddBoard(new PiixIde(dma,
            new IdeChannel(platform.ConnectIsa(14), At(0), At(1)), new IdeChannel(platform.ConnectIsa(15), At(2), At(3))));
        platform.Pci.Attach(config.Type == MachineType.Pc ? PciAddress.OnBus0(1, 1) : PciAddress.OnBus0(31, 1), ide);
        return ide;
    }

    private void PlugNetwork(int index, NetConfig network, INetworkBackend backend)
    {
        var mac = network.Mac ?? throw new ArgumentException($"Network {index} has no address.", nameof(network));
        var rom = OptionRom.ForNetwork(config, index);
        if (network.Model == NetModel.E1000)
        {
            var card = new E1000Card($"net{index}", mac, backend, dma, clock, rom);
            Plug(card);
            Connect(backend, card.Receive);
        }
        else
        {
            var card = new VirtioNet(new VirtioNetOptions(mac) { QueuePairs = Math.Min(config.Cpus.Count, MostQueues), Mtu = (ushort?)network.Mtu }, backend);
            Plug(new VirtioPciDevice($"net{index}", card, dma, clock, VirtioNet.PciClass, rom: rom));
            Connect(backend, card.Receive);
        }
    }

    private void Connect(INetworkBackend backend, FrameReceiver receive) => backend.Connect((ReadOnlySpan<byte> frame, in FrameOffload offload) =>
    {
        lock (machineLock)
            return receive(frame, offload);
    });

    /// <summary>Has something done soon with the machine's lock held.</summary>
    private void Post(Action action) => ThreadPool.UnsafeQueueUserWorkItem(_ =>
    {
        lock (machineLock)
        {
            try
            {
                action();
            }
#pragma warning disable CA1031 // The machine's own thread throws it again.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                requests.Fail(failure);
            }
        }
    }, null);

    private void Plug(string name, VirtioDevice device, uint pciClass) => Plug(new VirtioPciDevice(name, device, dma, clock, pciClass));

    private void Plug(IPciDevice device)
    {
        // The last slot is the chipset's.
        if (_nextSlot == PciAddress.Devices - 1)
            throw new MachineSetupException("There are more devices than slots on the PCI bus. Leave some out.");
        platform.Pci.Attach(PciAddress.OnBus0(_nextSlot++), platform.Register(device));
    }
}
