using System.Net.Sockets;
using System.Text;
using Ringmaster.Backends.Sockets;
using Ringmaster.Devices.Virtio.Vsock;

namespace Ringmaster.Backends.Tests.Sockets;

public sealed class UnixVsockBackendTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("ringmaster-vsock").FullName;
    private readonly UnixVsockBackend _backend;
    private readonly GuestEnd _guest = new();

    public UnixVsockBackendTests()
    {
        _backend = new UnixVsockBackend(Socket("vsock"));
        _backend.Attach(_guest);
    }

    public void Dispose()
    {
        _backend.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_stream_of_the_guests_reaches_the_listener_of_its_port()
    {
        using var listener = Listen("vsock_80");
        var stream = new VsockStream(1000, 80);

        _backend.Connect(stream);
        using var peer = Accept(listener);
        _guest.Expect("accept 1000-80");
        _backend.Send(stream, "question"u8);
        _backend.Ended(stream);

        Assert.Equal("question", ReadAll(peer));
        _guest.Expect("forwarded 8");
        peer.Send("answer"u8);
        peer.Shutdown(SocketShutdown.Both);
        _guest.Expect("receive answer", "end", "close 1000-80");
    }

    [Fact]
    public void A_port_that_nobody_listens_at_is_refused()
    {
        _backend.Connect(new VsockStream(1000, 81));

        _guest.Expect("close 1000-81");
    }

    [Fact]
    public void A_stream_of_the_hosts_begins_with_a_line_each_way()
    {
        using var client = Connect();
        client.Send("CONNECT 22\nfirst"u8);
        var stream = _guest.ExpectOpen(22);

        _backend.Accepted(stream);

        _guest.Expect("receive first");
        Assert.Equal($"OK {stream.HostPort}\n", Read(client, $"OK {stream.HostPort}\n".Length));
        _backend.Send(stream, "welcome"u8);
        Assert.Equal("welcome", Read(client, 7));
        _backend.Closed(stream);
        Assert.Equal("", ReadAll(client));
    }

    [Theory]
    [InlineData("HELLO\n")]
    [InlineData("CONNECT\n")]
    [InlineData("CONNECT -1\n")]
    [InlineData("CONNECT 4294967296\n")]
    [InlineData("CONNECT 1 2\n")]
    [InlineData("CONNECT 00000000000000000000000000000000000001\n")]
    public void Other_lines_end_the_connection(string line)
    {
        using var client = Connect();

        client.Send(Encoding.ASCII.GetBytes(line));

        Assert.True(IsClosed(client));
        Assert.True(_guest.IsEmpty);
    }

    [Fact]
    public void A_stream_that_the_guest_refuses_is_closed()
    {
        using var client = Connect();
        client.Send("CONNECT 22\n"u8);

        _backend.Closed(_guest.ExpectOpen(22));

        Assert.Equal("", ReadAll(client));
    }

    [Fact]
    public void Bytes_that_the_guest_does_not_take_wait_until_it_does()
    {
        using var listener = Listen("vsock_80");
        var stream = new VsockStream(1000, 80);
        _guest.Room = 3;
        _backend.Connect(stream);
        using var peer = Accept(listener);
        _guest.Expect("accept 1000-80");

        peer.Send("abcdef"u8);
        _guest.Expect("receive abc");
        _guest.Room = 100;
        _backend.ReceiverReady(stream);

        _guest.Expect("receive def");
    }

    [Fact]
    public void What_the_guest_has_sent_arrives_after_it_has_closed()
    {
        using var listener = Listen("vsock_80");
        var stream = new VsockStream(1000, 80);
        _backend.Connect(stream);
        using var peer = Accept(listener);
        _guest.Expect("accept 1000-80");
        var bytes = new byte[200_000];
        new Random(1).NextBytes(bytes);

        foreach (var part in bytes.Chunk(10_000))
            _backend.Send(stream, part);
        _backend.Closed(stream);

        Assert.Equal(Encoding.Latin1.GetString(bytes), ReadAll(peer));
    }

    private string Socket(string name) => Path.Combine(_folder, name);

    private Socket Listen(string name)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Socket(name)));
        socket.Listen();
        return socket;
    }

    private Socket Connect()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = (int)s_patience.TotalMilliseconds };
        socket.Connect(new UnixDomainSocketEndPoint(Socket("vsock")));
        return socket;
    }

    private static Socket Accept(Socket listener)
    {
        Assert.True(listener.Poll(s_patience, SelectMode.SelectRead));
        var socket = listener.Accept();
        socket.ReceiveTimeout = (int)s_patience.TotalMilliseconds;
        return socket;
    }

    private static string Read(Socket socket, int count)
    {
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            var now = socket.Receive(bytes, read, count - read, SocketFlags.None);
            Assert.NotEqual(0, now);
            read += now;
        }
        return Encoding.Latin1.GetString(bytes);
    }

    private static string ReadAll(Socket socket)
    {
        var all = new List<byte>();
        var buffer = new byte[4096];
        for (int count; (count = socket.Receive(buffer)) > 0;)
            all.AddRange(buffer.AsSpan(0, count));
        return Encoding.Latin1.GetString([.. all]);
    }

    /// <summary>Closed, or reset because it had not read all that was sent.</summary>
    private static bool IsClosed(Socket socket)
    {
        try
        {
            return ReadAll(socket).Length == 0;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode == SocketError.ConnectionReset;
        }
    }

    /// <summary>Notes what the guest is told.</summary>
    private sealed class GuestEnd : IVsockGuest
    {
        private readonly System.Collections.Concurrent.BlockingCollection<(string Text, VsockStream Stream)> _log = [];

        public int Room { get; set; } = 1000;

        public bool IsEmpty => _log.Count == 0;

        public void Expect(params string[] expected)
        {
            foreach (var text in expected)
            {
                Assert.True(_log.TryTake(out var got, s_patience), $"\"{text}\" did not come.");
                Assert.Equal(text, got.Text);
            }
        }

        public VsockStream ExpectOpen(uint port)
        {
            Assert.True(_log.TryTake(out var got, s_patience));
            Assert.Equal(("open", port), (got.Text, got.Stream.GuestPort));
            return got.Stream;
        }

        public bool Open(VsockStream stream) => Note("open", stream);

        public void Accept(VsockStream stream) => Note($"accept {stream.GuestPort}-{stream.HostPort}", stream);

        public int Receive(VsockStream stream, ReadOnlySpan<byte> bytes)
        {
            var count = Math.Min(bytes.Length, Room);
            Room -= count;
            if (count > 0)
                Note($"receive {Encoding.ASCII.GetString(bytes[..count])}", stream);
            return count;
        }

        public void Forwarded(VsockStream stream, int count) => Note($"forwarded {count}", stream);

        public void End(VsockStream stream) => Note("end", stream);

        public void Close(VsockStream stream) => Note($"close {stream.GuestPort}-{stream.HostPort}", stream);

        private bool Note(string text, VsockStream stream)
        {
            _log.Add((text, stream));
            return true;
        }
    }
}
