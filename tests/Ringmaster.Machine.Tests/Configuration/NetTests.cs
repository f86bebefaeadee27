using System.Net;
using Ringmaster.Backends.Network;
using Ringmaster.Devices.Network;
using Ringmaster.Machine.Configuration;
using Ringmaster.Machine.Configuration.Reading;

namespace Ringmaster.Machine.Tests.Configuration;

public sealed class NetTests
{
    private static readonly MacAddress s_mac = new(0x5254_0012_3456);

    [Fact]
    public void Networks_are_read_with_their_settings()
    {
        var options = Read(("net", "user,mtu=9000,dns=192.0.2.53,dns=2001:db8::53,loopback=on"), ("net", "tap=tap0,bridge=br0,mac=52:54:00:12:34:56"),
            ("net", "socket=lan,model=e1000")).Options.Networks!;

        Assert.Equal((NetKind.User, null, 9000, true), (options[0].Kind, options[0].Target, options[0].Mtu, options[0].ReachesLoopback));
        Assert.Equal([IPAddress.Parse("192.0.2.53"), IPAddress.Parse("2001:db8::53")], options[0].Dns);
        Assert.Equal((NetKind.Tap, "tap0", "br0", s_mac), (options[1].Kind, options[1].Target, options[1].Bridge, options[1].Mac));
        Assert.Equal((NetKind.Switch, "/base/lan", NetModel.E1000), (options[2].Kind, options[2].Target, options[2].Model));
    }

    [Fact]
    public void Nothing_said_and_none_are_no_network()
    {
        Assert.Empty(new MachineOptions().Complete("/k").Networks);
        Assert.Empty(Read(("net", "none")).Options.Complete("/k").Networks);
        var user = new MachineOptions { Networks = [new(NetKind.User)] };
        Assert.Empty(Read(("net", "none")).Options.Over(user).Complete("/k").Networks);
    }

    [Theory]
    [InlineData("uesr", "Did you mean \"user\"")]
    [InlineData("", "Choose from user")]
    [InlineData("user=1", "takes no value")]
    [InlineData("none,mac=52:54:00:12:34:56", "no setting \"mac\"")]
    [InlineData("tap", "needs a value: tap=NAME")]
    [InlineData("tap=", "needs a value")]
    [InlineData("tap=a/b", "no name of an interface")]
    [InlineData("tap=sixteen-letters-", "no name of an interface")]
    [InlineData("socket", "socket=PATH")]
    [InlineData("user,bridge=br0", "no setting \"bridge\"")]
    [InlineData("user,mut=9000", "Did you mean \"mtu\"")]
    [InlineData("user,mtu", "has no value")]
    [InlineData("user,mtu=67", "no MTU")]
    [InlineData("user,mtu=65536", "no MTU")]
    [InlineData("user,mtu=1500,mtu=1500", "twice")]
    [InlineData("user,dns=here", "no IP address")]
    [InlineData("user,loopback=yes", "Choose from on, off")]
    [InlineData("user,model=rtl8139", "Choose from virtio, e1000")]
    [InlineData("user,mac=53:54:00:12:34:56", "first is even")]
    [InlineData("user,mac=52:54", "no address")]
    [InlineData("tap=tap0,bridge=a b", "no name of a bridge")]
    [InlineData("tap=tap0,script=/no/such/file", "no file")]
    public void What_is_wrong_with_a_network_is_said(string text, string message) => AssertWrong("net", text, message);

    [Theory]
    [InlineData("8080:80", "127.0.0.1:8080:80")]
    [InlineData("8080:80/tcp", "127.0.0.1:8080:80")]
    [InlineData("5353:53/udp", "127.0.0.1:5353:53/udp")]
    [InlineData("0.0.0.0:8080:80", "0.0.0.0:8080:80")]
    [InlineData("[::]:8080:80/UDP", "[::]:8080:80/udp")]
    [InlineData("65535:1", "127.0.0.1:65535:1")]
    public void Published_ports_are_read(string text, string expected) =>
        Assert.Equal(expected, Assert.Single(Read(("publish", text)).Options.Publishes!).ToString());

    [Theory]
    [InlineData("", "names no ports")]
    [InlineData("80", "names no ports")]
    [InlineData(":80", "names no ports")]
    [InlineData("80:", "names no ports")]
    [InlineData("0:80", "names no ports")]
    [InlineData("80:65536", "names no ports")]
    [InlineData("80:80/sctp", "names no ports")]
    [InlineData("/udp", "names no ports")]
    [InlineData("host:80:80", "no IP address")]
    [InlineData("1:80:80", "no IP address")]
    [InlineData("::1:80:80", "no IP address")]
    [InlineData("[1.2.3.4]:80:80", "no IP address")]
    [InlineData(":80:80", "no IP address")]
    public void What_is_wrong_with_a_published_port_is_said(string text, string message) => AssertWrong("publish", text, message);

    public static TheoryData<NetConfig[], string[], string> Conflicts() => new()
    {
        { [NetConfig.None, new(NetKind.User)], [], "no network at all" },
        { [.. Enumerable.Repeat(new NetConfig(NetKind.User), 9)], [], "at most 8" },
        { [new(NetKind.User) { Mac = s_mac }, new(NetKind.User) { Mac = s_mac }], [], "given to two" },
        { [new(NetKind.Tap, "tap0"), new(NetKind.Tap, "tap0")], [], "once only" },
        { [new(NetKind.Tap, "tap0")], ["8080:80"], "Add --net user" },
        { [], ["8080:80"], "Add --net user" },
        { [new(NetKind.User)], ["8080:80", "8080:81"], "given away twice" },
    };

    [Theory]
    [MemberData(nameof(Conflicts))]
    public void What_does_not_go_together_is_said(NetConfig[] networks, string[] publishes, string message)
    {
        var options = Read([.. publishes.Select(p => ("publish", p))]).Options with { Networks = networks };

        Assert.Contains(message, Assert.Single(options.Conflicts()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_goes_together_is_no_conflict()
    {
        var options = Read(("net", "user"), ("net", "tap=tap0"), ("net", "user"), ("publish", "80:80"), ("publish", "80:80/udp"), ("publish", "[::1]:80:80")).Options;

        Assert.Empty(options.Conflicts());
        Assert.Equal(new PortForward(IPAddress.IPv6Loopback, 80, 80), options.Complete("/k").Publishes[2]);
    }

    [Fact]
    public void Without_a_word_on_networks_disks_and_published_ports_bring_the_user_network()
    {
        var image = typeof(NetTests).Assembly.Location;

        Assert.Empty(Read().Options.Complete("/k").Networks);
        Assert.True(Assert.Single(Read(("disk", image)).Options.Complete("/k").Networks) is { Kind: NetKind.User, IsOptional: true });
        Assert.True(Assert.Single(Read(("publish", "80:80")).Options.Complete("/k").Networks) is { Kind: NetKind.User, IsOptional: false });
        Assert.Empty(Read(("publish", "80:80")).Options.Conflicts());
        Assert.Empty(Read(("disk", image), ("net", "none")).Options.Complete("/k").Networks);
    }

    private static void AssertWrong(string key, string text, string message) =>
        Assert.Contains(message, Assert.Single(Read((key, text)).Errors).Message, StringComparison.Ordinal);

    private static OptionSet Read(params (string Key, string Value)[] values)
    {
        var set = new OptionSet(new OptionText("/base"));
        foreach (var (key, value) in values)
            set.Set(key, value, $"--{key}");
        return set;
    }
}
