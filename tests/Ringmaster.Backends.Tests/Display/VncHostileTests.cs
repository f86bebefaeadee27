using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Ringmaster.Backends.Display;
using Ringmaster.Backends.Tests.Serial;

namespace Ringmaster.Backends.Tests.Display;

/// <summary>Clients that mean no good, or are broken, hurt themselves only.</summary>
public sealed class VncHostileTests : IDisposable
{
    private readonly FakeConsole _console = new();
    private readonly VncServer _server = new(new IPEndPoint(IPAddress.Loopback, 0), null, NullLogger.Instance);

    public VncHostileTests() => _server.Connect(_console);

    [Theory]
    [InlineData("00 000000 2020FF01FFFFFFFFFFFFFFFFFF000000")] // shifts beyond the pixel
    [InlineData("00 000000 1818000100FF00FF00FF100800000000")] // 24 bits
    [InlineData("00 000000 2021000100FF00FF00FF100800000000")] // deeper than wide
    [InlineData("00 000000 2018000100FE00FF00FF100800000000")] // no power of two
    [InlineData("00 000000 1008000000FF00FF00FF100800000000")] // a colour map of 16 bits
    [InlineData("01")] // a message that is the server's
    [InlineData("FF 01")] // sound, which was not offered
    [InlineData("06 000000 7FFFFFFF")] // two gigabytes of text
    [InlineData("06 000000 FFFFFFFC")] // the extended clipboard, which was not offered
    public void What_the_protocol_does_not_allow_ends_the_connection(string message)
    {
        using var client = RfbClient.Start(_server.Address);

        client.Send(Convert.FromHexString(message.Replace(" ", "", StringComparison.Ordinal)));

        client.WaitForEnd();
        AssertServes();
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("RFB 004.000\n")]
    [InlineData("RFB 003.008 ")]
    public void Who_speaks_something_else_is_sent_away(string greeting)
    {
        using var client = new RfbClient(_server.Address);
        client.Send(Encoding.ASCII.GetBytes(greeting));

        client.WaitForEnd();
        AssertServes();
    }

    [Fact]
    public void Random_messages_do_no_harm()
    {
        var random = new Random(7);
        for (var round = 0; round < 60; round++)
        {
            using var client = RfbClient.StartWhenThereIsRoom(_server.Address);
            var bytes = new byte[random.Next(1, 3000)];
            random.NextBytes(bytes);
            // Often one that is known.
            bytes[0] = (byte)random.Next(8);
            try
            {
                client.Send(bytes);
                if (round % 2 == 0)
                    client.Request();
            }
            catch (SocketException)
            {
                // It was sent away already.
            }
        }

        AssertServes();
    }

    [Fact]
    public void Lists_and_requests_without_end_are_read_and_forgotten()
    {
        using var client = RfbClient.Start(_server.Address);
        client.SetEncodings([.. Enumerable.Range(0, 65535)]);
        client.Request(isIncremental: false, 65535, 65535, 65535, 65535);
        client.Request(isIncremental: false, 0, 0, 0, 0);
        client.Send([6, 0, 0, 0, 0, 1, 0, 0, .. new byte[65536]]);
        client.Request(isIncremental: false, 190, 90, 65535, 65535);
        client.ReadUpdate();

        // The two requests were made one around both; pixels come of the picture only.
        Assert.All(client.Changed, c => Assert.True(c.X + c.Width <= 200 && c.Y + c.Height <= 100));
        Assert.NotEmpty(client.Changed);
    }

    [Fact]
    public void Those_who_say_nothing_keep_nobody_out()
    {
        var silent = new List<RfbClient>();
        for (var i = 0; i < 20; i++)
            silent.Add(new RfbClient(_server.Address));

        AssertServes();

        silent.ForEach(client => client.Dispose());
    }

    [Fact]
    public void A_ninth_client_finds_no_room_until_another_goes()
    {
        var clients = Enumerable.Range(0, 8).Select(_ => RfbClient.Start(_server.Address)).ToList();
        using var ninth = new RfbClient(_server.Address);
        ninth.WaitForEnd();

        clients[3].Dispose();
        Wait.Until(() =>
        {
            try
            {
                AssertServes();
                return true;
            }
            catch (Exception error) when (error is EndOfStreamException or SocketException)
            {
                return false;
            }
        });

        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public void A_client_that_takes_nothing_holds_up_neither_others_nor_the_end()
    {
        _console.Resize(2000, 2000);
        var random = new Random(1);
        _console.Paint((_, _) => (uint)random.Next(0x1000000));
        using var stuck = RfbClient.Start(_server.Address);
        for (var i = 0; i < 20; i++)
            stuck.Request();

        AssertServes();
        var watch = Stopwatch.StartNew();
        _server.Dispose();

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(3), $"It took {watch.Elapsed}.");
    }

    [Fact]
    public void A_client_that_wants_the_screen_for_itself_gets_it()
    {
        using var first = RfbClient.Start(_server.Address);
        using var second = RfbClient.Start(_server.Address, isShared: true);
        using var alone = RfbClient.Start(_server.Address, isShared: false);

        first.WaitForEnd();
        second.WaitForEnd();
        alone.Request();
        alone.ReadUpdate();
        Assert.Equal(_console.Pixels, alone.Pixels);
    }

    [Fact]
    public void A_Unix_socket_serves_as_well_and_is_removed()
    {
        var directory = Directory.CreateTempSubdirectory("vnc").FullName;
        try
        {
            var path = Path.Combine(directory, "screen");
            using (var server = new VncServer(new UnixDomainSocketEndPoint(path), null, NullLogger.Instance))
            {
                server.Connect(_console);
                using var client = RfbClient.Start(new UnixDomainSocketEndPoint(path), isShared: true, 16);
                client.Request();
                client.ReadUpdate();
                Assert.Equal(_console.Pixels, client.Pixels);
            }

            Assert.False(File.Exists(path));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    public void Dispose() => _server.Dispose();

    private void AssertServes()
    {
        using var client = RfbClient.StartWhenThereIsRoom(_server.Address, 16);
        client.Request();
        client.ReadUpdate();
        Assert.Equal(_console.Pixels, client.Pixels);
    }
}
