using Ringmaster.Backends.Network;
using Ringmaster.Devices.Network;

namespace Ringmaster.Cli.Tests;

public sealed class NetworkTests : IDisposable
{
    private readonly CliFixture _cli = new();

    [Fact]
    public void Networks_are_opened_for_the_machine_and_closed_behind_it()
    {
        var path = Path.Combine(_cli.Directory, "lan");
        var members = 0;
        _cli.Behaviour = (_, _) =>
        {
            members = Directory.EnumerateFiles(path).Count(file => !file.EndsWith(".lock", StringComparison.Ordinal));
            return new Machine.RunOutcome.PoweredOff();
        };

        var (code, _, error) = _cli.Run("run", "--kernel", _cli.Kernel, "--serial", "none", "--net", $"socket={path}", "--net", $"socket={path},mac=52:54:00:00:00:07");

        Assert.Equal((0, ""), (code, error));
        Assert.Equal(2, members);
        Assert.All(_cli.Machine!.Host.Networks, network => Assert.IsType<SwitchNetworkBackend>(network));
        var addresses = _cli.Machine.Config.Networks.Select(n => n.Mac).ToList();
        Assert.Equal(new MacAddress(0x5254_0000_0007), addresses[1]);
        Assert.True(addresses[0] is { IsLocal: true, IsGroup: false });
        Assert.Single(Directory.EnumerateFiles(path));
    }

    [Fact]
    public void A_machine_without_a_network_has_none()
    {
        _cli.Run("run", "--kernel", _cli.Kernel, "--serial", "none", "--net", "none");

        Assert.Empty(_cli.Machine!.Host.Networks);
    }

    [Theory]
    [InlineData("--net tapp=tap0", "Did you mean \"tap\"")]
    [InlineData("--net none -p 8080:80", "--net user")]
    [InlineData("--publish 8080", "[IP:]HOST:GUEST")]
    [InlineData("--net socket=/proc/no/such/place", "--net:")]
    public void What_is_wrong_is_said_without_a_machine(string arguments, string message)
    {
        var (code, _, error) = _cli.Run(["run", "--kernel", _cli.Kernel, "--serial", "none", .. arguments.Split(' ')]);

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Null(_cli.Machine);
    }

    public void Dispose() => _cli.Dispose();
}
