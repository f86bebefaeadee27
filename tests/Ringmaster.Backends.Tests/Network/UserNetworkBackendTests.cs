using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Ringmaster.Backends.Network;
using Ringmaster.Backends.Tests.Serial;
using Ringmaster.Devices.Network;

namespace Ringmaster.Backends.Tests.Network;

public sealed class UserNetworkBackendTests
{
    private static readonly MacAddress s_guest = new(0x5252_0A00_020F);
    private static readonly IPAddress s_host = IPAddress.Parse("192.0.2.1");

    [RootFact("passt", "ip")]
    public void A_guest_gets_its_addresses_by_dhcp() => NetworkNamespace.RunConnected(() =>
    {
        using var backend = new UserNetworkBackend(new(s_guest) { Mtu = 9000, Dns = [IPAddress.Parse("192.0.2.53")] });
        using var guest = new ScriptedGuest(backend, s_guest);

        var lease = guest.Configure();

        Assert.Equal("10.0.2.15", guest.Address.ToString());
        Assert.Equal([255, 255, 255, 0], lease[1]);
        Assert.Equal([10, 0, 2, 2], lease[3]);
        Assert.Equal([192, 0, 2, 53], lease[6]);
        Assert.Equal([9000 >> 8, 9000 & 0xFF], lease[26]);
        Assert.Equal(UserNetworkAddresses.Gateway, guest.Gateway);
    });

    [RootFact("passt", "ip")]
    public void A_guest_reaches_servers_by_tcp_and_udp() => NetworkNamespace.RunConnected(() =>
    {
        using var backend = new UserNetworkBackend(new UserNetworkOptions(s_guest));
        using var guest = new ScriptedGuest(backend, s_guest);
        guest.Configure();
        using var listener = Listen(s_host);
        using var udp = new UdpClient(new IPEndPoint(s_host, 0)) { Client = { ReceiveTimeout = 10_000 } };

        var connection = guest.Connect(s_host, Port(listener));
        using var server = listener.Accept();
        connection.Send("question"u8);
        var question = Receive(server, 8);
        server.Send("answer"u8);
        guest.SendUdp(s_host, 5000, (ushort)((IPEndPoint)udp.Client.LocalEndPoint!).Port, "datagram"u8);
        IPEndPoint? from = null;
        var datagram = udp.Receive(ref from);
        udp.Send("reply"u8, from);

        Assert.Equal("question", question);
        Assert.Equal("answer"u8.ToArray(), connection.Receive(6));
        Assert.Equal("datagram"u8.ToArray(), datagram);
        Assert.Equal("reply"u8.ToArray(), guest.ReceiveUdp(5000).Data);
    });

    [RootFact("passt", "ip")]
    public void Large_segments_and_datagrams_to_be_cut_arrive() => NetworkNamespace.RunConnected(() =>
    {
        using var backend = new UserNetworkBackend(new UserNetworkOptions(s_guest));
        using var guest = new ScriptedGuest(backend, s_guest);
        guest.Configure();
        using var listener = Listen(s_host);
        using var udp = new UdpClient(new IPEndPoint(s_host, 0)) { Client = { ReceiveTimeout = 10_000 } };
        var data = new byte[60_000];
        new Random(1).NextBytes(data);

        var connection = guest.Connect(s_host, Port(listener));
        using var server = listener.Accept();
        connection.Send(data, segment: 1460);
        var stream = new byte[data.Length];
        for (var at = 0; at < stream.Length;)
            at += server.Receive(stream, at, stream.Length - at, SocketFlags.None);
        guest.SendUdp(s_host, 5000, (ushort)((IPEndPoint)udp.Client.LocalEndPoint!).Port, data.AsSpan(0, 3000), segment: 1400);
        IPEndPoint? from = null;
        byte[][] datagrams = [udp.Receive(ref from), udp.Receive(ref from), udp.Receive(ref from)];

        Assert.Equal(data, stream);
        Assert.Equal([1400, 1400, 200], datagrams.Select(d => d.Length));
        Assert.Equal(data[..3000], datagrams.SelectMany(d => d));
    });

    [RootFact("passt", "ip")]
    public void Published_ports_reach_the_guest() => NetworkNamespace.RunConnected(() =>
    {
        var forwards = new PortForward[] { new(IPAddress.Loopback, 8080, 80), new(IPAddress.Any, 8081, 81), new(s_host, 5353, 53, IsUdp: true) };
        using var backend = new UserNetworkBackend(new(s_guest) { Forwards = forwards });
        using var guest = new ScriptedGuest(backend, s_guest);
        guest.Configure();

        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 10_000 };
        var connecting = client.ConnectAsync(IPAddress.Loopback, 8080);
        var connection = guest.Accept(80);
        Assert.True(connecting.Wait(TimeSpan.FromSeconds(10)));
        client.Send("to the guest"u8);
        var heard = connection.Receive(12);
        connection.Send("to the host"u8);
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var connectingToo = other.ConnectAsync(s_host, 8081);
        guest.Accept(81);
        Assert.True(connectingToo.Wait(TimeSpan.FromSeconds(10)));
        using var udp = new UdpClient(new IPEndPoint(s_host, 0)) { Client = { ReceiveTimeout = 10_000 } };
        udp.Send("datagram"u8, new IPEndPoint(s_host, 5353));
        var (datagram, from, fromPort) = guest.ReceiveUdp(53);
        guest.SendUdp(from, 53, fromPort, "reply"u8);
        IPEndPoint? replier = null;

        Assert.Equal("to the guest"u8.ToArray(), heard);
        Assert.Equal("to the host", Receive(client, 11));
        Assert.Equal("datagram"u8.ToArray(), datagram);
        Assert.Equal("reply"u8.ToArray(), udp.Receive(ref replier));
    });

    [RootFact("passt", "ip")]
    public void A_udp_port_that_is_published_on_loopback_answers_or_is_refused_with_a_remedy() => NetworkNamespace.RunConnected(() =>
    {
        var options = new UserNetworkOptions(s_guest) { Forwards = [new(IPAddress.Loopback, 5353, 53, IsUdp: true)] };
        if (PasstCommand.Shortcoming(PasstCommand.Name, options) is { } shortcoming)
        {
            Assert.Contains("loopback=on", shortcoming, StringComparison.Ordinal);
            Assert.Equal(shortcoming, Assert.Throws<IOException>(() => new UserNetworkBackend(options)).Message);
            options = options with { ReachesLoopback = true };
        }
        using var backend = new UserNetworkBackend(options);
        using var guest = new ScriptedGuest(backend, s_guest);
        guest.Configure();
        using var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0)) { Client = { ReceiveTimeout = 10_000 } };

        udp.Send("datagram"u8, new IPEndPoint(IPAddress.Loopback, 5353));
        var (datagram, from, fromPort) = guest.ReceiveUdp(53);
        guest.SendUdp(from, 53, fromPort, "reply"u8);
        IPEndPoint? replier = null;

        Assert.Equal("datagram"u8.ToArray(), datagram);
        Assert.Equal("reply"u8.ToArray(), udp.Receive(ref replier));
    });

    [RootFact("passt", "ip")]
    public void The_hosts_loopback_is_reached_only_where_that_is_wanted() => NetworkNamespace.RunConnected(() =>
    {
        using var listener = Listen(IPAddress.Loopback);
        using (var closed = new UserNetworkBackend(new UserNetworkOptions(s_guest)))
        using (var guest = new ScriptedGuest(closed, s_guest))
        {
            guest.Configure();
            ScriptedConnection.Knock(guest, IPAddress.Parse(UserNetworkAddresses.Gateway4), Port(listener));
            Assert.False(listener.Poll(TimeSpan.FromMilliseconds(300), SelectMode.SelectRead));
        }
        using var backend = new UserNetworkBackend(new(s_guest) { ReachesLoopback = true });
        using var trusted = new ScriptedGuest(backend, s_guest);
        trusted.Configure();

        trusted.Connect(IPAddress.Parse(UserNetworkAddresses.Gateway4), Port(listener)).Send("x"u8);

        using var server = listener.Accept();
        Assert.Equal("x", Receive(server, 1));
    });

    [RootFact("passt", "ip")]
    public void A_guest_gets_its_network_by_router_advertisements() => NetworkNamespace.RunConnected(() =>
    {
        using var backend = new UserNetworkBackend(new UserNetworkOptions(s_guest));
        using var queue = new FrameQueue();
        backend.Connect(queue.Receive);

        backend.Send(PasstQuestions.RouterSolicitation(s_guest), FrameOffload.None);

        const int icmp = 54, advertisement = 134, prefixOption = 3;
        var frame = queue.Take(f => f.Length > icmp && f[12] == 0x86 && f[icmp] == advertisement);
        Assert.Equal("fe80::2", new IPAddress(frame[22..38]).ToString());
        Assert.Equal(UserNetworkAddresses.Gateway, MacAddress.Read(frame.AsSpan(6)));
        var at = icmp + 16;
        while (frame[at] != prefixOption)
            at += frame[at + 1] * 8;
        Assert.Equal((64, "fd52:6d00::"), (frame[at + 2], new IPAddress([.. frame[(at + 16)..(at + 24)], .. new byte[8]]).ToString()));
    });

    [RootFact("passt", "ip")]
    public void A_host_with_one_version_of_ip_will_do() => NetworkNamespace.RunConnected(() =>
    {
        NetworkNamespace.Ip("-6 route del default");
        new UserNetworkBackend(new UserNetworkOptions(s_guest)).Dispose();
        NetworkNamespace.Ip("-6 route add default via 2001:db8::ff");
        NetworkNamespace.Ip("route del default");
        new UserNetworkBackend(new UserNetworkOptions(s_guest)).Dispose();
    });

    [RootFact("passt", "ip", "setpriv", "unshare")]
    public void It_works_for_ordinary_users_and_for_root_of_a_user_namespace() => NetworkNamespace.RunConnected(() =>
    {
        foreach (var wrapping in (string[])["exec setpriv --reuid 65534 --regid 65534 --clear-groups passt \"$@\"", "exec unshare -Ur passt \"$@\""])
        {
            using var wrapper = new Script(wrapping);
            using var backend = new UserNetworkBackend(wrapper.Path, new(s_guest), null);
            using var guest = new ScriptedGuest(backend, s_guest);

            guest.Configure();

            Assert.Equal(UserNetworkAddresses.Guest4, guest.Address.ToString());
        }
    });

    [RootFact("passt", "ip", "unshare")]
    public void Where_passt_cannot_lock_itself_in_the_error_says_what_to_allow() => NetworkNamespace.RunConnected(() =>
    {
        using var wrapper = new Script("exec unshare -Ur sh -c 'echo 0 > /proc/sys/user/max_user_namespaces; exec passt \"$@\"' sh \"$@\"");

        var error = Assert.Throws<IOException>(() => new UserNetworkBackend(wrapper.Path, new(s_guest), null));

        Assert.Contains("Allow user namespaces", error.Message, StringComparison.Ordinal);
    });

    [RootFact("passt", "ip")]
    public void A_port_in_use_is_an_error_with_a_remedy() => NetworkNamespace.RunConnected(() =>
    {
        using var listener = Listen(IPAddress.Loopback);

        var error = Assert.Throws<IOException>(() => new UserNetworkBackend(
            new(s_guest) { Forwards = [new(IPAddress.Loopback, Port(listener), 80)] }));

        Assert.Contains("Choose another port", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("syslog", error.Message, StringComparison.Ordinal);
    });

    [RootFact("passt", "ip")]
    public void A_host_without_a_network_is_an_error_with_a_remedy() => NetworkNamespace.Run(() =>
    {
        var error = Assert.Throws<IOException>(() => new UserNetworkBackend(new UserNetworkOptions(s_guest)));

        Assert.Contains("default route", error.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_missing_passt_is_an_error_that_names_the_package()
    {
        var error = Assert.Throws<IOException>(() => new UserNetworkBackend("no-such-passt", new(s_guest), null));

        Assert.Contains("package passt", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/bin/true", "exit code 0")]
    [InlineData("/bin/cat", "exit code 1")]
    public void A_program_that_is_no_passt_is_an_error(string program, string ending)
    {
        var error = Assert.Throws<IOException>(() => new UserNetworkBackend(program, new(s_guest), null));

        Assert.Contains(ending, error.Message, StringComparison.Ordinal);
    }

    [RootFact("passt", "ip")]
    public void Passt_ends_with_the_back_end_and_its_early_end_is_told() => NetworkNamespace.RunConnected(() =>
    {
        var before = Children();
        var told = "";
        using (var backend = new UserNetworkBackend(new(s_guest), message => Volatile.Write(ref told, message)))
        {
            var child = Assert.Single(Children().Except(before));
            Process.GetProcessById(child).Kill();

            Wait.Until(() => Volatile.Read(ref told).Length > 0);
            backend.Send(new byte[60], FrameOffload.None);
        }
        using (new UserNetworkBackend(new(s_guest), message => Volatile.Write(ref told, $"again: {message}")))
            Assert.Single(Children().Except(before));

        Assert.Contains("passt has ended", told, StringComparison.Ordinal);
        Assert.Contains("signal 9", told, StringComparison.Ordinal);
        Assert.DoesNotContain("again", told, StringComparison.Ordinal);
        Assert.Empty(Children().Except(before));
    });

    private sealed class Script : IDisposable
    {
        internal Script(string text)
        {
            File.WriteAllText(Path, $"#!/bin/sh\n{text}\n");
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        internal string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }

    private static List<int> Children() =>
        [.. Process.GetProcessesByName("passt").Concat(Process.GetProcessesByName("passt.avx2")).Where(p => !p.HasExited).Select(p => p.Id)];

    private static Socket Listen(IPAddress address)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 10_000 };
        listener.Bind(new IPEndPoint(address, 0));
        listener.Listen();
        return listener;
    }

    private static ushort Port(Socket listener) => (ushort)((IPEndPoint)listener.LocalEndPoint!).Port;

    private static string Receive(Socket socket, int count)
    {
        socket.ReceiveTimeout = 10_000;
        var buffer = new byte[count];
        for (var got = 0; got < count;)
            got += socket.Receive(buffer, got, count - got, SocketFlags.None);
        return Encoding.ASCII.GetString(buffer);
    }
}
