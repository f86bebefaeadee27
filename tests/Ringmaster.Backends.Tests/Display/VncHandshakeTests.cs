using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Ringmaster.Backends.Display;

namespace Ringmaster.Backends.Tests.Display;

public sealed class VncHandshakeTests
{
    private static readonly IPEndPoint s_anyPort = new(IPAddress.Loopback, 0);

    [Theory]
    [InlineData("RFB 003.003\n")]
    [InlineData("RFB 003.007\n")]
    [InlineData("RFB 003.008\n")]
    [InlineData("RFB 003.889\n")]
    public void Every_version_gets_in_without_a_password(string version)
    {
        using var server = new VncServer(s_anyPort, null, NullLogger.Instance, "a guest");
        server.Connect(new FakeConsole(64, 32));
        using var client = new RfbClient(server.Address);

        if (version is "RFB 003.889\n")
        {
            client.Read(12);
            client.Send(Encoding.ASCII.GetBytes(version));
            Assert.Equal(1, client.ReadInt32());
        }
        else
        {
            Assert.Equal([1], client.Greet(version));
        }
        if (version is "RFB 003.007\n" or "RFB 003.008\n")
            client.Send(1);
        if (version is "RFB 003.008\n")
            Assert.Equal(0, client.ReadInt32());
        client.Enter(isShared: true);

        Assert.Equal((64, 32, "a guest"), (client.Width, client.Height, client.Name));
    }

    [Theory]
    [InlineData("RFB 003.003\n", "secret", true)]
    [InlineData("RFB 003.007\n", "secret", true)]
    [InlineData("RFB 003.008\n", "secret", true)]
    [InlineData("RFB 003.008\n", "secret but longer", false)]
    [InlineData("RFB 003.008\n", "Secret", false)]
    [InlineData("RFB 003.007\n", "wrong", false)]
    [InlineData("RFB 003.003\n", "wrong", false)]
    public void A_password_opens_to_those_who_know_it(string version, string password, bool isRight)
    {
        using var server = new VncServer(s_anyPort, VncPassword.Create("secret"), NullLogger.Instance);
        using var client = new RfbClient(server.Address);

        Assert.Equal([2], client.Greet(version));
        if (version is not "RFB 003.003\n")
            client.Send(2);
        client.Send(Answer(password, client.Read(16)));

        Assert.Equal(isRight ? 0 : 1, client.ReadInt32());
        if (isRight)
            client.Enter(isShared: true);
        else if (version is "RFB 003.008\n")
            Assert.Equal("The password is wrong.", Encoding.ASCII.GetString(client.Read(client.ReadInt32())));
        if (!isRight)
            client.WaitForEnd();
    }

    [Fact]
    public void Only_eight_characters_count()
    {
        var challenge = RandomNumberGenerator.GetBytes(16);

        Assert.True(VncPassword.Create("12345678").Accepts(challenge, VncPassword.Create("123456789").Answer(challenge)));
        Assert.False(VncPassword.Create("12345678").Accepts(challenge, VncPassword.Create("12345679").Answer(challenge)));
        Assert.NotEqual(Answer("12345678", challenge), Answer("12345678", RandomNumberGenerator.GetBytes(16)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("päß€")]
    [InlineData("xxxxpppp")]
    public void A_password_that_cannot_be_a_key_is_refused(string text) =>
        Assert.StartsWith("The password ", Assert.Throws<ArgumentException>(() => VncPassword.Create(text)).Message);

    [Fact]
    public void Others_hosts_need_a_password()
    {
        var error = Assert.Throws<ArgumentException>(() => new VncServer(new IPEndPoint(IPAddress.Any, 0), null, NullLogger.Instance));

        Assert.StartsWith("Everybody who reaches 0.0.0.0:0 could use the machine. Give a password.", error.Message);
        Assert.True(VncServer.NeedsPassword(new IPEndPoint(IPAddress.IPv6Any, 0)));
        Assert.False(VncServer.NeedsPassword(new IPEndPoint(IPAddress.IPv6Loopback, 0)));
    }

    [Fact]
    public void A_type_of_security_that_was_not_offered_ends_the_connection()
    {
        using var server = new VncServer(s_anyPort, VncPassword.Create("secret"), NullLogger.Instance);
        using var client = new RfbClient(server.Address);

        client.Greet("RFB 003.008\n");
        client.Send(1);

        Assert.Equal(1, client.ReadInt32());
        client.WaitForEnd();
    }

    [Fact]
    public void A_port_in_use_is_an_error_that_names_it()
    {
        using var server = new VncServer(s_anyPort, null, NullLogger.Instance);

        var error = Assert.Throws<IOException>(() => new VncServer(server.Address, null, NullLogger.Instance));

        Assert.StartsWith($"No socket can be made at {server.Address}: ", error.Message);
    }

    /// <summary>DES with each byte of the key turned around, by way of the cipher's own class.</summary>
    private static byte[] Answer(string password, byte[] challenge)
    {
        var key = new byte[8];
        for (var i = 0; i < Math.Min(8, password.Length); i++)
            key[i] = Convert.ToByte(new string([.. Convert.ToString(password[i], 2).PadLeft(8, '0').Reverse()]), 2);
        using var cipher = DES.Create();
        cipher.Key = key;
        return cipher.EncryptEcb(challenge, PaddingMode.None);
    }
}
