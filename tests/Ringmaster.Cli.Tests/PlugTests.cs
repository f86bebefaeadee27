using Ringmaster.Backends.Disks;
using Ringmaster.Devices.Storage;
using Ringmaster.Machine;

namespace Ringmaster.Cli.Tests;

/// <summary>Devices that come to a run and leave it, from the command to the machine and back.</summary>
public sealed class PlugTests : IDisposable
{
    private readonly CliFixture _cli = new();
    private readonly List<(int Code, string Out, string Error)> _answers = [];

    private string Socket => Path.Combine(_cli.Directory, "vm.sock");

    [Fact]
    public void A_disk_is_opened_when_it_comes_and_closed_when_it_has_left()
    {
        var disk = _cli.Write("disk.raw", new byte[1 << 20]);

        Run(machine =>
        {
            Ask("plug", Socket, "disk", disk + ",format=raw,id=data");
            var backend = Assert.IsType<DiskBackend>(Assert.Single(machine.Plugged).Backend);
            Assert.Equal(1UL << 20, backend.Length);
            Ask("devices", Socket);
            Ask("unplug", Socket, "data");
            Assert.Throws<ObjectDisposedException>(() => backend.Submit(new BlockRequest(BlockOperation.Flush, 0, 0, _ => { })));
            // Its lock is gone with it.
            Ask("plug", Socket, "disk", disk + ",format=raw");
        });

        Assert.All(_answers, answer => Assert.Equal(0, answer.Code));
        Assert.Contains("data   plugged", _answers[1].Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_comes_with_an_address_and_leaves()
    {
        var lan = System.IO.Directory.CreateDirectory(Path.Combine(_cli.Directory, "lan")).FullName;

        Run(machine =>
        {
            Ask("plug", Socket, "net", $"socket={lan},id=lan");
            Assert.Equal("lan", Assert.Single(machine.Plugged).Name);
            Ask("unplug", Socket, "lan");
            Assert.Empty(machine.Plugged);
        });

        Assert.All(_answers, answer => Assert.Equal(0, answer.Code));
    }

    [Theory]
    [InlineData("disk", "missing.raw", "There is no file missing.raw.")]
    [InlineData("disk", "{disk},interfac=nvme", "Did you mean \"interface\"?")]
    [InlineData("net", "none", "no network at all")]
    [InlineData("net", "socket", "needs a value")]
    [InlineData("printer", "lp0", "Choose from disk, net.")]
    [InlineData("disk", "{disk},format=qcow2", "qcow2")]
    public void What_cannot_come_is_refused_with_the_reason(string kind, string options, string reason)
    {
        var disk = _cli.Write("disk.raw", new byte[1 << 20]);

        Run(machine =>
        {
            Ask("plug", Socket, kind, options.Replace("{disk}", disk, StringComparison.Ordinal));
            Assert.Empty(machine.Plugged);
        });

        Assert.Equal(2, _answers[0].Code);
        Assert.Contains(reason, _answers[0].Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_is_not_there_is_not_unplugged()
    {
        Run(_ => Ask("unplug", Socket, "disk7"));

        Assert.Equal(2, _answers[0].Code);
        Assert.Contains("disk7", _answers[0].Error, StringComparison.Ordinal);
    }

    public void Dispose() => _cli.Dispose();

    private void Ask(params string[] command)
    {
        using var other = new CliFixture();
        _answers.Add(other.Run(command));
    }

    private void Run(Action<FakeMachine> whileRunning)
    {
        _cli.Behaviour = (machine, _) =>
        {
            whileRunning(machine);
            return new RunOutcome.PoweredOff();
        };
        Assert.Equal(0, _cli.Run("run", "--kernel", _cli.Kernel, "--control", Socket).Code);
    }
}
