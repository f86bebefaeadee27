using Ringmaster.Backends.Network;
using Ringmaster.Devices.Network;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Cli.Run;

/// <summary>The outside of a machine's network devices, opened from their description.</summary>
internal sealed class NetworkPorts : IDisposable
{
    /// <summary>The first device's address on a user network, which nobody else is on; later ones count up in the third byte.</summary>
    private const ulong FirstUserAddress = 0x5252_0000_020F, NextUserAddress = 1UL << 24;

    private readonly CliEnvironment _environment;
    private readonly List<INetworkBackend> _ports = [];
    private readonly List<NetConfig> _networks = [];
    private readonly HashSet<INetworkBackend> _released = [];
    private int _opened;

    private NetworkPorts(CliEnvironment environment) => _environment = environment;

    /// <summary>In the order of the description.</summary>
    internal IReadOnlyList<INetworkBackend?> Ports => _ports;

    /// <summary>Opens everything.</summary>
    /// <param name="config">The machine.</param>
    /// <param name="environment">Takes messages to people.</param>
    /// <exception cref="UserErrorException">Something cannot be opened.</exception>
    internal static NetworkPorts Open(MachineConfig config, CliEnvironment environment)
    {
        var ports = new NetworkPorts(environment);
        try
        {
            foreach (var network in config.Networks)
            {
                var isFirst = ports._networks.TrueForAll(n => n.Kind != NetKind.User);
                ports.Add(network, network.Kind == NetKind.User && isFirst ? config.Publishes : []);
            }
            return ports;
        }
        catch
        {
            ports.Dispose();
            throw;
        }
    }

    /// <summary>The description with an address for each network device.</summary>
    internal MachineConfig Named(MachineConfig config) => config with { Networks = _networks };

    /// <summary>Closes a port whose device has left the machine.</summary>
    internal void Release(object backend)
    {
        lock (_released)
        {
            if (backend is not INetworkBackend port || !_ports.Contains(port) || !_released.Add(port))
                return;
        }
        (backend as IDisposable)?.Dispose();
    }

    public void Dispose()
    {
        foreach (var port in _ports)
            Release(port);
    }

    private void Add(NetConfig network, IReadOnlyList<PortForward> publishes)
    {
        try
        {
            var (port, mac) = Open(network, publishes);
            _ports.Add(port);
            _networks.Add(network with { Mac = mac });
        }
        catch (IOException error) when (network.IsOptional)
        {
            _environment.Say($"The guest has no network: {error.Message} (--net none leaves it out without this message.)");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"--net: {error.Message}", error);
        }
    }

    /// <summary>Opens one more, which the caller disposes.</summary>
    /// <param name="network">Its description.</param>
    /// <param name="publishes">Ports of the host that lead to it.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    internal (INetworkBackend Port, MacAddress Mac) Open(NetConfig network, IReadOnlyList<PortForward> publishes)
    {
        var number = (ulong)Interlocked.Increment(ref _opened) - 1;
        switch (network.Kind)
        {
            case NetKind.User:
                var mac = network.Mac ?? new(FirstUserAddress + number * NextUserAddress);
                var options = new UserNetworkOptions(mac)
                {
                    Mtu = network.Mtu,
                    Dns = network.Dns,
                    ReachesLoopback = network.ReachesLoopback,
                    Forwards = publishes,
                };
                return (new UserNetworkBackend(options, _environment.Say), mac);
            case NetKind.Tap:
                var tap = new TapOptions(network.Target!) { Bridge = network.Bridge, Script = network.Script, Mtu = network.Mtu };
                return (new TapNetworkBackend(tap, _environment.Say), network.Mac ?? StableMac.Of("tap", network.Target!));
            default:
                var member = new SwitchNetworkBackend(network.Target!, network.Mac, _environment.Say);
                return (member, member.Address);
        }
    }
}
