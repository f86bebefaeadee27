using Microsoft.Extensions.Logging.Abstractions;
using Ringmaster.Backends.Network;
using Ringmaster.Guests.Tests.Linux;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.Pc;

/// <summary>Two guests on one switch.</summary>
public sealed class NetworkTests : IDisposable
{
    private readonly string _switch = Directory.CreateTempSubdirectory("ringmaster-net-").FullName;

    [Theory]
    [InlineData(NetModel.Virtio)]
    [InlineData(NetModel.E1000)]
    public void Guests_reach_each_other(NetModel model)
    {
        using var firstCable = new SwitchNetworkBackend(_switch, null, _ => { });
        using var secondCable = new SwitchNetworkBackend(_switch, null, _ => { });
        using var first = Guest(model, firstCable, 1);
        using var second = Guest(model, secondCable, 2);

        Assert.Contains("3 packets received", first.Ask("ping -c 3 -W 5 10.9.0.2"), StringComparison.Ordinal);

        // Much at once and in both directions, so that frames are cut, merged and dropped. Listeners hear no end of their own input, upon
        // which they would close.
        second.Ask("(nc -l -p 5000 0<>/hold | sha256sum > /sum) & (sleep 1; seq 1 200000 | nc 10.9.0.1 5001) & true");
        var received = first.Ask("nc -l -p 5001 0<>/hold | sha256sum; seq 1 400000 | nc 10.9.0.2 5000");
        Assert.Contains(second.Ask("seq 1 200000 | sha256sum").Trim(), received, StringComparison.Ordinal);
        Assert.Contains(first.Ask("seq 1 400000 | sha256sum").Trim(), second.Ask("sleep 1; cat /sum"), StringComparison.Ordinal);
        foreach (var guest in (DeviceGuest[])[first, second])
        {
            Assert.Empty(guest.Complaints());
            guest.PowerOff();
        }
    }

    public void Dispose() => Directory.Delete(_switch, recursive: true);

    private static DeviceGuest Guest(NetModel model, SwitchNetworkBackend cable, int number)
    {
        var modules = model == NetModel.Virtio ? Modules.VirtioNet : Modules.E1000;
        var guest = new DeviceGuest(
            model == NetModel.Virtio ? LinuxGuest.CloudWith(modules) : LinuxGuest.GenericWith(modules), modules,
            machine => machine with { Networks = [new NetConfig(NetKind.Switch) { Model = model, Mac = cable.Address }] },
            new MachineHost(NullLoggerFactory.Instance) { Networks = [cable] });
        guest.Ask($"ip addr add 10.9.0.{number}/24 dev eth0; ip link set eth0 up; mkfifo /hold; sleep 1");
        return guest;
    }
}
