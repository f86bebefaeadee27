using System.Net;
using Ringmaster.Backends.Network;
using Ringmaster.Devices.Network;

namespace Ringmaster.Backends.Tests.Network;

public sealed class PasstCommandTests
{
    [Theory]
    [InlineData("127.0.0.1", false, "--tcp-ports 127.0.0.1/8080:80 --udp-ports none")]
    [InlineData("0.0.0.0", true, "--tcp-ports none --udp-ports 0.0.0.0/8080:80")]
    [InlineData("::1", false, "--tcp-ports ::1/8080:80 --udp-ports none")]
    [InlineData("::", false, "--tcp-ports 8080:80 --udp-ports none")]
    public void Ports_are_forwarded_as_asked_and_no_others(string address, bool udp, string expected)
    {
        var options = new UserNetworkOptions(default(MacAddress)) { Forwards = [new(IPAddress.Parse(address), 8080, 80, udp)] };

        Assert.EndsWith(expected, string.Join(' ', PasstCommand.Arguments(options, 3)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Failed to send 62 bytes to syslog\nCouldn't create user namespace: No space left on device\n", "Couldn't create user namespace: No space left on device", "namespaces")]
    [InlineData("Don't run as root. Changing to nobody...\nFailed to bind any port for '-t 80', exiting\n", "Failed to bind any port for '-t 80', exiting", "--publish")]
    [InlineData("External interface not usable\n", "External interface not usable", "default route")]
    [InlineData("Something new\n", "Something new", "")]
    public void Complaints_are_freed_from_noise_and_explained(string errors, string complaint, string remedy)
    {
        var complaints = PasstCommand.Complaints(errors);

        Assert.Equal(complaint, complaints);
        Assert.Contains(remedy, PasstCommand.Remedy(complaints), StringComparison.Ordinal);
        Assert.Equal(remedy.Length == 0, PasstCommand.Remedy(complaints).Length == 0);
    }
}
