using Ringmaster.Devices.Display;
using Ringmaster.Devices.Network;
using Ringmaster.Devices.Storage;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Cli.Tests;

/// <summary>A machine that ends as told, and remembers what it was made of.</summary>
internal sealed class FakeMachine(MachineConfig config, MachineHost host, Func<FakeMachine, CancellationToken, RunOutcome> run) : IRunnableMachine
{
    internal MachineConfig Config => config;

    internal MachineHost Host => host;

    internal int PowerPresses { get; private set; }

    public MachineStatistics Statistics { get; } = new(TimeSpan.FromSeconds(2),
    [
        new(2_000_000, 4, new Dictionary<string, long> { ["port read"] = 3, ["halt"] = 1 }, [new("branches linked", 5)]),
        new(1_000_000, 3, new Dictionary<string, long> { ["port read"] = 2 }, [new("branches linked", 2)]),
    ]);

    public RunOutcome Run(CancellationToken stop) => run(this, stop);

    /// <summary>Whether its guest has a driver for the power button.</summary>
    internal bool Listens { get; init; } = true;

    public bool PressPowerButton()
    {
        PowerPresses++;
        return Listens;
    }

    public void Dispose()
    {
    }

    public string Engine => "fake";

    public MachineStatus Status => MachineStatus.Running;

    public IReadOnlyList<DeviceSummary> Devices => [new("disk0", "virtio-block", "00:03.0"), .. Plugged.Select(p => new DeviceSummary(p.Name, "plugged", "00:04.0"))];

    /// <summary>Hears what it is told to do.</summary>
    internal Action<string> Done { get; init; } = _ => { };

    public IConsole? Console { get; init; }

    public string Plug(DiskConfig disk, IBlockBackend backend)
    {
        Plugged.Add((disk.Id ?? "disk1", backend));
        return Plugged[^1].Name;
    }

    public string Plug(NetConfig network, INetworkBackend backend)
    {
        Plugged.Add((network.Id ?? "net1", backend));
        return Plugged[^1].Name;
    }

    public Task Unplug(string name)
    {
        var (_, backend) = Plugged.Find(p => p.Name == name);
        if (backend is null)
            throw new InvalidOperationException($"No device {name} can be unplugged.");
        Plugged.RemoveAll(p => p.Name == name);
        host.Left?.Invoke(backend);
        return Task.CompletedTask;
    }

    /// <summary>What was plugged in and has not left.</summary>
    internal List<(string Name, object Backend)> Plugged { get; } = [];

    public int Cpus { get; private set; } = 2;

    public Task SetCpus(int count)
    {
        if (count < Cpus)
            throw new InvalidOperationException("None leaves.");
        Cpus = count;
        return Task.CompletedTask;
    }

    public BalloonStatus? Balloon { get; private set; } = new(0, 0);

    public void Inflate(ulong bytes) => Balloon = new BalloonStatus(bytes, bytes / 2);

    public void Pause() => Done("pause");

    public void Resume() => Done("resume");

    public void Reset() => Done("reset");
}
