using System.Text;
using Ringmaster.Devices.Virtio.Vsock;

namespace Ringmaster.Devices.Tests.Virtio;

public sealed class VirtioVsockTests
{
    private const int Receive = 0, Send = 1, Events = 2;
    private const ushort Request = 1, Response = 2, Reset = 3, Shutdown = 4, Data = 5, CreditUpdate = 6, CreditRequest = 7;
    private const ulong Cid = 42;

    private readonly RecordingVsockBackend _host = new();
    private readonly VirtioVsock _device;
    private readonly GuestDriver _guest;

    public VirtioVsockTests()
    {
        _device = new VirtioVsock(Cid, _host);
        _guest = new GuestDriver(_device);
    }

    [Fact]
    public void The_guest_reads_its_number() => Assert.Equal(Cid, _guest.Board.ReadConfig(0, 8));

    [Fact]
    public void A_stream_of_the_guests_carries_bytes_both_ways_and_ends()
    {
        Offer(16);
        Packet(Request);
        _device.Accept(new VsockStream(1000, 80));
        Packet(Data, data: "GET");
        Assert.Equal(5, _device.Receive(new VsockStream(1000, 80), "reply"u8));
        _device.End(new VsockStream(1000, 80));
        Packet(Shutdown, flags: 3);

        Assert.Equal(["connect 1000-80", "send GET", "ended", "closed 1000-80"], _host.Log);
        Assert.Equal(["80>1000 2", "80>1000 5 reply", "80>1000 4/2", "80>1000 3"], Taken());
        Assert.Equal(0, _device.StreamCount);
    }

    [Fact]
    public void A_stream_of_the_hosts_is_accepted_or_refused()
    {
        Offer(16);
        Assert.True(_device.Open(new VsockStream(22, 5000)));
        Assert.False(_device.Open(new VsockStream(22, 5000)));
        Assert.True(_device.Open(new VsockStream(23, 5001)));

        Packet(Response, 22, 5000);
        Packet(Reset, 23, 5001);

        Assert.Equal(["accepted 22-5000", "closed 23-5001"], _host.Log);
        Assert.Equal(["5000>22 1", "5001>23 1"], Taken());
    }

    [Fact]
    public void The_guest_gets_no_more_than_it_has_room_for()
    {
        Offer(16);
        Packet(Request, buffer: 10);
        _device.Accept(new VsockStream(1000, 80));

        Assert.Equal(10, _device.Receive(new VsockStream(1000, 80), "0123456789abc"u8));
        Assert.Equal(0, _device.Receive(new VsockStream(1000, 80), "abc"u8));
        Packet(CreditUpdate, buffer: 10, forwarded: 2);

        Assert.Equal("ready", _host.Log[^1]);
        Assert.Equal(2, _device.Receive(new VsockStream(1000, 80), "abc"u8));
        // What was said to have been taken, and was never sent, gives no room.
        Packet(CreditUpdate, buffer: 10, forwarded: 5000);
        Assert.Equal(0, _device.Receive(new VsockStream(1000, 80), "c"u8));
    }

    [Fact]
    public void The_host_gets_no_more_than_it_has_room_for()
    {
        Offer(64);
        Packet(Request);
        _device.Accept(new VsockStream(1000, 80));
        Taken();
        var block = new string('x', 64 * 1024);
        for (var i = 0; i < 4; i++)
            Packet(Data, data: block);
        Assert.Equal(256 * 1024, _host.Bytes);
        Assert.Empty(Taken());

        _device.Forwarded(new VsockStream(1000, 80), 64 * 1024);
        Assert.Equal(["80>1000 6 +65536"], Taken(withCounts: true));
        Packet(CreditRequest);
        Assert.Equal(["80>1000 6 +65536"], Taken(withCounts: true));
        Packet(Data, data: block);
        Assert.Equal(1, _device.StreamCount);
        Packet(Data, data: "x");

        Assert.Equal("closed 1000-80", _host.Log[^1]);
        Assert.Equal(["80>1000 3"], Taken());
    }

    [Fact]
    public void What_belongs_to_no_stream_is_refused_once()
    {
        Offer(16);

        Packet(Data, data: "x");
        Packet(Response);
        Packet(Reset);
        Packet(99);
        _guest.Send(Send, Header(Request, 1, 2, type: 2));
        _guest.Send(Send, Header(Request, 1, 2, cid: 7));
        _guest.Send(Send, new byte[10]);

        Assert.Equal(["80>1000 3", "80>1000 3", "80>1000 3", "2>1 3"], Taken());
        Assert.Empty(_host.Log);
    }

    [Fact]
    public void A_guest_that_takes_nothing_is_not_listened_to()
    {
        for (var i = 0; i < 100; i++)
            Packet(Data);
        for (uint i = 0; i < 1000; i++)
            Packet(Data, i);

        Offer(64);
        var refusals = Taken().Count;
        for (var i = 0; i < 20; i++)
        {
            Offer(64);
            refusals += Taken().Count;
        }

        Assert.InRange(refusals, 256, 400);
    }

    [Fact]
    public void Streams_are_bounded()
    {
        for (uint port = 0; port < VirtioVsock.MostStreams + 100; port++)
        {
            Offer(1);
            Packet(Request, port);
            Taken();
        }

        Assert.Equal(VirtioVsock.MostStreams, _device.StreamCount);
    }

    [Fact]
    public void A_guest_that_moves_is_told_that_its_streams_are_gone()
    {
        Packet(Request);
        var other = new RecordingVsockBackend();
        var next = new VirtioVsock(Cid, other);

        _guest.MoveTo(next);
        _guest.Offer(Events, 8);

        Assert.Equal([0, 0, 0, 0], _guest.Take(Events)!);
        Assert.Equal(0, next.StreamCount);
        _guest.Offer(Events, 8);
        Assert.Null(_guest.Take(Events));
    }

    [Fact]
    public void A_reset_ends_all_streams()
    {
        Packet(Request);

        _guest.Board.SetStatus(0);

        Assert.Equal("reset", _host.Log[^1]);
        Assert.False(_device.Open(new VsockStream(1, 2)));
    }

    [Fact]
    public void Whatever_the_guest_sends_is_bounded()
    {
        foreach (var seed in Enumerable.Range(0, 30))
        {
            var random = new Random(seed);
            for (var i = 0; i < 500; i++)
            {
                var stream = new VsockStream((uint)random.Next(3), (uint)random.Next(3));
                switch (random.Next(8))
                {
                    case 0:
                        Offer(random.Next(4));
                        break;
                    case 1:
                        _device.Receive(stream, new byte[random.Next(1000)]);
                        break;
                    case 2:
                        _device.Forwarded(stream, random.Next(100_000));
                        break;
                    case 3:
                        _device.Accept(stream);
                        _device.End(stream);
                        break;
                    case 4:
                        if (random.Next(2) == 0)
                            _device.Open(stream);
                        else
                            _device.Close(stream);
                        break;
                    default:
                        var header = Header((ushort)random.Next(9), stream.GuestPort, stream.HostPort, (uint)random.NextInt64(), (uint)random.NextInt64(),
                            (uint)random.Next(4), random.Next(4) == 0 ? (uint)random.NextInt64() : (uint)random.Next(100));
                        if (!_guest.Send(Send, [.. header, .. new byte[random.Next(100)]], room: random.Next(2) * 20))
                            Offer(64);
                        break;
                }
                Taken();
            }
        }

        Assert.InRange(_device.StreamCount, 0, 9);
        Assert.False(_guest.Board.Status.HasFlag(Devices.Virtio.VirtioStatus.NeedsReset));
    }

    private static byte[] Header(ushort operation, uint guestPort, uint hostPort, uint buffer = 1 << 18, uint forwarded = 0, uint flags = 0, uint length = 0, ushort type = 1, ulong cid = Cid) =>
    [
        .. BitConverter.GetBytes(cid), .. BitConverter.GetBytes(2UL), .. BitConverter.GetBytes(guestPort), .. BitConverter.GetBytes(hostPort),
        .. BitConverter.GetBytes(length), .. BitConverter.GetBytes(type), .. BitConverter.GetBytes(operation), .. BitConverter.GetBytes(flags),
        .. BitConverter.GetBytes(buffer), .. BitConverter.GetBytes(forwarded),
    ];

    private void Packet(ushort operation, uint guestPort = 1000, uint hostPort = 80, string data = "", uint buffer = 1 << 18, uint forwarded = 0, uint flags = 0) =>
        _guest.Send(Send, [.. Header(operation, guestPort, hostPort, buffer, forwarded, flags, (uint)data.Length), .. Encoding.ASCII.GetBytes(data)]);

    private void Offer(int count) => _guest.Offer(Receive, 4096, count);

    private List<string> Taken(bool withCounts = false) =>
    [
        .. _guest.TakeAll(Receive).Where(p => p.Length > 0).Select(p =>
        {
            Assert.Equal((2UL, Cid), (BitConverter.ToUInt64(p), BitConverter.ToUInt64(p, 8)));
            Assert.Equal(p.Length - 44, BitConverter.ToInt32(p, 24));
            var flags = BitConverter.ToUInt32(p, 32);
            return $"{BitConverter.ToUInt32(p, 16)}>{BitConverter.ToUInt32(p, 20)} {BitConverter.ToUInt16(p, 30)}{(flags != 0 ? $"/{flags}" : "")}"
                + (p.Length > 44 ? " " + Encoding.ASCII.GetString(p.AsSpan(44)) : "") + (withCounts ? $" +{BitConverter.ToUInt32(p, 40)}" : "");
        }),
    ];
}
