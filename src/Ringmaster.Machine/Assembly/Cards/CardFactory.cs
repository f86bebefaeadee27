using Ringmaster.Devices;
using Ringmaster.Devices.Clock;
using Ringmaster.Devices.Dma;
using Ringmaster.Devices.Network;
using Ringmaster.Devices.Network.E1000;
using Ringmaster.Devices.Storage;
using Ringmaster.Devices.Storage.Nvme;
using Ringmaster.Devices.Virtio;
using Ringmaster.Devices.Virtio.Balloon;
using Ringmaster.Devices.Virtio.Block;
using Ringmaster.Devices.Virtio.Console;
using Ringmaster.Devices.Virtio.Input;
using Ringmaster.Devices.Virtio.Net;
using Ringmaster.Devices.Virtio.NineP;
using Ringmaster.Devices.Virtio.Pci;
using Ringmaster.Devices.Virtio.Rng;
using Ringmaster.Devices.Virtio.Vsock;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Machine.Assembly.Cards;

/// <summary>Makes devices for the PCI bus: one method a kind, for those of the start and those that are plugged in later alike.</summary>
/// <param name="cpus">The most vCPUs of the machine.</param>
/// <param name="dma">Memory as devices see it.</param>
/// <param name="clock">The machine's clock.</param>
/// <param name="calls">Calls devices from back ends' threads.</param>
internal sealed class CardFactory(int cpus, DmaSpace dma, IVmClock clock, DeviceCalls calls)
{
    private const int MostQueues = 8;
    private const uint BlockClass = 0x01_0000, OtherClass = 0xFF_0000, NinePClass = 0x00_0200, ConsoleClass = 0x07_8000, SocketClass = 0x02_8000,
        KeyboardClass = 0x09_0000, PointerClass = 0x09_8000;

    private int Queues => Math.Min(cpus, MostQueues);

    /// <summary>A disk that is a device of its own: <see cref="DiskInterface.Virtio"/> or <see cref="DiskInterface.Nvme"/>.</summary>
    /// <param name="name">Its name, which the guest can tell it apart by.</param>
    /// <param name="kind">By what the guest reaches it.</param>
    /// <param name="backend">What it is.</param>
    public Card Disk(string name, DiskInterface kind, IBlockBackend backend)
    {
        var locked = new LockedBlockBackend(backend, calls);
        var card = kind switch
        {
            DiskInterface.Virtio => Virtio(name, new VirtioBlock(locked, name, Queues), BlockClass),
            DiskInterface.Nvme => new Card(new NvmeController(locked, dma, clock, name, name)),
            _ => throw new ArgumentException($"A disk of the interface {kind} is no device of its own.", nameof(kind)),
        };
        return card with { Backend = backend, Disconnect = backend.Drain };
    }

    /// <summary>A network device.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="network">What it is to be.</param>
    /// <param name="backend">What it is connected to.</param>
    /// <param name="rom">A program by which firmware boots from it; empty for none.</param>
    public Card Network(string name, NetConfig network, INetworkBackend backend, ReadOnlyMemory<byte> rom = default)
    {
        var mac = network.Mac ?? throw new ArgumentException($"{name} has no address.", nameof(network));
        Card card;
        FrameReceiver receive;
        if (network.Model == NetModel.E1000)
        {
            var device = new E1000Card(name, mac, backend, dma, clock, rom);
            (card, receive) = (new Card(device), device.Receive);
        }
        else
        {
            var device = new VirtioNet(new VirtioNetOptions(mac) { QueuePairs = Queues, Mtu = (ushort?)network.Mtu }, backend);
            (card, receive) = (Virtio(name, device, VirtioNet.PciClass, rom), device.Receive);
        }
        backend.Connect((ReadOnlySpan<byte> frame, in FrameOffload offload) =>
        {
            lock (calls.MachineLock)
                return receive(frame, offload);
        });
        return card with { Backend = backend, Disconnect = () => backend.Connect(null) };
    }

    /// <summary>A source of random numbers.</summary>
    public Card Entropy(string name) => Virtio(name, new VirtioRng(), OtherClass) with { CanLeave = false };

    /// <summary>A shared directory.</summary>
    public Card Share(string name, string tag, INinePServer server) => Virtio(name, new VirtioNineP(tag, server, calls.Post), NinePClass) with { CanLeave = false };

    /// <summary>A tablet or a keyboard.</summary>
    public Card Input(string name, VirtioInput device) => Virtio(name, device, device is VirtioKeyboard ? KeyboardClass : PointerClass) with { CanLeave = false };

    /// <summary>A memory balloon.</summary>
    public Card Balloon(string name, VirtioBalloon device) => Virtio(name, device, OtherClass) with { CanLeave = false };

    /// <summary>A console with some ports.</summary>
    public Card Console(string name, IReadOnlyList<ConsolePort> ports)
    {
        var device = new VirtioConsole(ports);
        for (var i = 0; i < ports.Count; i++)
        {
            var port = i;
            ports[i].Backend.Connect(bytes =>
            {
                lock (calls.MachineLock)
                    return device.Receive(port, bytes);
            });
        }
        return Virtio(name, device, ConsoleClass) with { CanLeave = false, Disconnect = () => Disconnect(ports) };
    }

    /// <summary>Sockets between guest and host.</summary>
    public Card Vsock(string name, ulong cid, IVsockBackend backend)
    {
        var device = new VirtioVsock(cid, backend);
        backend.Attach(new LockedVsockGuest(calls.MachineLock, device));
        return Virtio(name, device, SocketClass) with { CanLeave = false, Disconnect = () => backend.Attach(null) };
    }

    private static void Disconnect(IEnumerable<ConsolePort> ports)
    {
        foreach (var port in ports)
            port.Backend.Connect(null);
    }

    private Card Virtio(string name, VirtioDevice device, uint pciClass, ReadOnlyMemory<byte> rom = default) =>
        new(new VirtioPciDevice(name, device, dma, clock, pciClass, rom: rom));
}
