using System.Net;
using System.Net.Sockets;
using Ringmaster.Backends.Network;
using Ringmaster.Backends.Tests.Serial;
using Ringmaster.Devices.Network;

namespace Ringmaster.Backends.Tests.Network;

public sealed class TapNetworkBackendTests
{
    private static readonly MacAddress s_guest = new(0x5200_0000_0001);
    private static readonly IPAddress s_host = IPAddress.Parse("192.0.2.1"), s_address = IPAddress.Parse("192.0.2.2");

    [RootFact("ip")]
    public void A_guest_and_the_host_exchange_datagrams() => NetworkNamespace.Run(() =>
    {
        using var backend = Open(new("tap0"));
        using var guest = Guest(backend);
        using var udp = new UdpClient(new IPEndPoint(s_host, 7000)) { Client = { ReceiveTimeout = 10_000 } };

        guest.SendUdp(s_host, 5000, 7000, "to the host"u8);
        IPEndPoint? from = null;
        var heard = udp.Receive(ref from);
        udp.Send("to the guest"u8, from);

        Assert.Equal("to the host"u8.ToArray(), heard);
        Assert.Equal(s_address, from!.Address);
        Assert.Equal("to the guest"u8.ToArray(), guest.ReceiveUdp(5000).Data);
    });

    [RootFact("ip")]
    public void The_host_takes_and_gives_segments_to_be_cut() => NetworkNamespace.Run(() =>
    {
        using var backend = Open(new("tap0"));
        using var guest = Guest(backend);
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(s_host, 0));
        listener.Listen();
        var data = new byte[40_000];
        new Random(1).NextBytes(data);

        var connection = guest.Connect(s_host, (ushort)((IPEndPoint)listener.LocalEndPoint!).Port);
        using var server = listener.Accept();
        server.ReceiveTimeout = 10_000;
        connection.Send(data, segment: 1000);
        var stream = new byte[data.Length];
        for (var at = 0; at < stream.Length;)
            at += server.Receive(stream, at, stream.Length - at, SocketFlags.None);
        server.Send(data);

        Assert.Equal(data, stream);
        Assert.Equal(data, connection.Receive(data.Length));
    });

    [RootFact("ip")]
    public void Nonsense_from_a_guest_is_refused_by_the_host() => NetworkNamespace.Run(() =>
    {
        using var backend = Open(new("tap0"));
        using var guest = Guest(backend);
        var frame = IpFrames.Tcp(s_guest, 100);

        backend.Send([], FrameOffload.None);
        backend.Send([1], FrameOffload.None);
        backend.Send(new byte[100_000], FrameOffload.None);
        backend.Send(frame, new FrameOffload((FrameSegmentation)0x7F, true, true, 65535, 0, 65535, 65535));
        backend.Send(frame, new FrameOffload(FrameSegmentation.Tcp4, true, true, 0, 0, 34, 16));

        Assert.False(guest.Resolve(s_host).IsGroup);
    });

    [RootFact("ip")]
    public void A_device_that_is_not_ready_gets_its_frame_later() => NetworkNamespace.Run(() =>
    {
        using var backend = Open(new("tap0"));
        using var queue = new FrameQueue();
        queue.SetRoom(0);
        backend.Connect(queue.Receive);
        NetworkNamespace.Ip($"neigh add {s_address} lladdr {s_guest} dev tap0");
        using var udp = new UdpClient();
        for (byte i = 0; i < 20; i++)
            udp.Send([i], new IPEndPoint(s_address, 7000));
        Thread.Sleep(50);
        Assert.Equal(0, queue.Count);

        queue.SetRoom(int.MaxValue);
        backend.ReceiverReady();

        for (byte i = 0; i < 20; i++)
            Assert.Equal(i, queue.Take(f => IpFrames.Is(f, IpFrames.UdpProtocol, 7000))[IpFrames.UdpData]);
    });

    [RootFact("ip")]
    public void It_joins_a_bridge_and_takes_an_mtu() => NetworkNamespace.Run(() =>
    {
        NetworkNamespace.Ip("link add br0 type bridge");

        using (new TapNetworkBackend(new("tap0") { Bridge = "br0", Mtu = 1300 }))
        {
            var shown = NetworkNamespace.Ip("link show tap0");
            Assert.Contains("master br0", shown, StringComparison.Ordinal);
            Assert.Contains("mtu 1300", shown, StringComparison.Ordinal);
            Assert.Contains(",UP", shown, StringComparison.Ordinal);
        }
        // Not at once where a test beside this one is starting a program, which holds copies of all descriptors for a moment.
        Wait.Until(() => !NetworkNamespace.Ip("link show").Contains("tap0", StringComparison.Ordinal));
    });

    [RootFact("ip")]
    public void An_interface_that_was_there_before_is_there_afterwards() => NetworkNamespace.Run(() =>
    {
        NetworkNamespace.Ip("tuntap add dev tap7 mode tap vnet_hdr");

        new TapNetworkBackend(new("tap7")).Dispose();

        Assert.Contains("tap7", NetworkNamespace.Ip("link show"), StringComparison.Ordinal);
    });

    [RootFact("ip")]
    public void A_script_sets_the_interface_up() => NetworkNamespace.Run(() =>
    {
        var script = Path.GetTempFileName();
        try
        {
            File.WriteAllText(script, "#!/bin/sh\nexec ip addr add 192.0.2.9/24 dev $1\n");
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);

            using var backend = new TapNetworkBackend(new("tap0") { Script = script });

            Assert.Contains("192.0.2.9", NetworkNamespace.Ip("addr show tap0"), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(script);
        }
    });

    [RootFact("ip")]
    public void What_goes_wrong_comes_with_a_remedy() => NetworkNamespace.Run(() =>
    {
        using var first = new TapNetworkBackend(new("tap0"));
        NetworkNamespace.Ip("link add dum0 type veth peer name dum1");

        Assert.Contains("Another program uses it", Failure(new("tap0")), StringComparison.Ordinal);
        Assert.Contains("Choose a TAP interface", Failure(new("dum0")), StringComparison.Ordinal);
        Assert.Contains("Make the bridge first", Failure(new("tap1") { Bridge = "br9" }), StringComparison.Ordinal);
        Assert.Contains("exit code 1", Failure(new("tap2") { Script = "/bin/false" }), StringComparison.Ordinal);
        Assert.Contains("executable file", Failure(new("tap3") { Script = "/no/such/script" }), StringComparison.Ordinal);
    });

    [RootFact("ip")]
    public void An_interface_that_is_taken_away_is_told() => NetworkNamespace.Run(() =>
    {
        var told = new System.Collections.Concurrent.BlockingCollection<string>();
        using var backend = new TapNetworkBackend(new("tap0"), told.Add);

        NetworkNamespace.Ip("link del tap0");

        Assert.True(told.TryTake(out var message, TimeSpan.FromSeconds(10)));
        Assert.Contains("taken away", message, StringComparison.Ordinal);
    });

    private static string Failure(TapOptions options) => Assert.Throws<IOException>(() => new TapNetworkBackend(options)).Message;

    private static TapNetworkBackend Open(TapOptions options)
    {
        var backend = new TapNetworkBackend(options);
        NetworkNamespace.Ip($"addr add {s_host}/24 dev {options.Name}");
        return backend;
    }

    private static ScriptedGuest Guest(TapNetworkBackend backend)
    {
        var guest = new ScriptedGuest(backend, s_guest) { Address = s_address };
        NetworkNamespace.Ip($"neigh add {s_address} lladdr {s_guest} dev tap0");
        guest.Gateway = guest.Resolve(s_host);
        return guest;
    }
}
