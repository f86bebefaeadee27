using Ringmaster.Backends.Network;

namespace Ringmaster.Machine.Configuration;

/// <summary>What is wrong with the combination of a machine's networks.</summary>
internal static class NetConflicts
{
    internal static IEnumerable<ConfigError> Of(IReadOnlyList<NetConfig> networks, IReadOnlyList<PortForward> publishes)
    {
        if (networks.Count > 1 && networks.Any(n => n.Kind == NetKind.None))
            yield return new("net", "\"none\" stands for no network at all. Leave it or the others out.");
        if (networks.Count > MachineLimits.MostNetworks)
            yield return new("net", $"A machine has at most {MachineLimits.MostNetworks} network devices. Leave some out.");
        if (networks.Where(n => n.Mac is not null).GroupBy(n => n.Mac).FirstOrDefault(same => same.Count() > 1) is { } twice)
            yield return new("net", $"The address {twice.Key} is given to two devices. Change one of them.");
        if (networks.Where(n => n.Kind == NetKind.Tap).GroupBy(n => n.Target).FirstOrDefault(same => same.Count() > 1) is { } tap)
            yield return new("net", $"The interface {tap.Key} can be used once only. Name another for the second device.");
        if (publishes.Count > 0 && networks.All(n => n.Kind != NetKind.User))
            yield return new("publish", "Ports are published by the user network. Add --net user, or leave --net out.");
        var port = publishes.GroupBy(p => (p.Address, p.HostPort, p.IsUdp)).FirstOrDefault(same => same.Count() > 1);
        if (port is not null)
            yield return new("publish", $"The host's port {port.Key.HostPort} is given away twice. Choose another for {port.Last()}.");
    }
}
