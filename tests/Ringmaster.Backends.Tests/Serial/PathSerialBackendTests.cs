using System.Net.Sockets;
using System.Text;
using Ringmaster.Backends.Serial;

namespace Ringmaster.Backends.Tests.Serial;

public sealed class PathSerialBackendTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("serial").FullName;

    [Fact]
    public void A_file_holds_everything_once_the_back_end_is_disposed()
    {
        var path = Path.Combine(_directory, "out");
        File.WriteAllText(path, "from an earlier run, longer than what comes now");
        var backend = new FileSerialBackend(path);
        foreach (var value in "boot log\n"u8)
            backend.Transmit(value);

        backend.Dispose();

        Assert.Equal("boot log\n", File.ReadAllText(path));
    }

    [Fact]
    public void A_full_disk_ends_the_writing_and_nothing_else()
    {
        var backend = new FileSerialBackend("/dev/full");
        backend.Transmit((byte)'x');

        backend.Dispose();

        Assert.NotNull(backend.Failure);
    }

    [Fact]
    public void A_pseudo_terminal_carries_bytes_both_ways_without_echo()
    {
        using var backend = new PtySerialBackend();
        var device = new Receiver();
        backend.Connect(device.Take);
        using var other = new FileStream(backend.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 0);
        foreach (var value in "out\r\n"u8)
            backend.Transmit(value);
        other.Write("in\u0003"u8);

        var buffer = new byte[5];
        other.ReadExactly(buffer);

        Assert.Equal("out\r\n"u8.ToArray(), buffer);
        Wait.Until(() => device.Text == "in\u0003");
    }

    [Fact]
    public void A_socket_keeps_the_start_of_the_output_and_takes_one_client_after_the_other()
    {
        var path = Path.Combine(_directory, "socket");
        using var backend = new UnixSocketSerialBackend(path);
        var device = new Receiver();
        backend.Connect(device.Take);
        foreach (var value in "start"u8)
            backend.Transmit(value);

        using (var first = ConnectTo(path))
        {
            Assert.Equal("start", Receive(first, 5));
            first.Send("one"u8);
            Wait.Until(() => device.Text == "one");
        }
        using var second = ConnectTo(path);
        second.Send("two"u8);
        Wait.Until(() => device.Text == "onetwo");
        backend.Transmit((byte)'!');

        Assert.Equal("!", Receive(second, 1));
    }

    [Fact]
    public void A_socket_that_a_dead_process_left_behind_is_replaced()
    {
        var path = Path.Combine(_directory, "stale");
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            dead.Bind(new UnixDomainSocketEndPoint(path));
        if (!File.Exists(path))
            return;

        using var backend = new UnixSocketSerialBackend(path);

        using var client = ConnectTo(path);
        Assert.True(client.Connected);
    }

    [Fact]
    public void Neither_a_live_socket_nor_a_file_is_taken_over()
    {
        var path = Path.Combine(_directory, "live");
        var file = Path.Combine(_directory, "file");
        File.WriteAllText(file, "precious");
        using var backend = new UnixSocketSerialBackend(path);

        Assert.Throws<IOException>(() => new UnixSocketSerialBackend(path));
        Assert.Throws<IOException>(() => new UnixSocketSerialBackend(file));
        Assert.Equal("precious", File.ReadAllText(file));
    }

    [Fact]
    public void Disposing_does_not_wait_for_a_client_that_never_came()
    {
        var backend = new UnixSocketSerialBackend(Path.Combine(_directory, "lonely"));
        backend.Transmit((byte)'x');
        var watch = System.Diagnostics.Stopwatch.StartNew();

        backend.Dispose();

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"It took {watch.Elapsed}.");
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static Socket ConnectTo(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    private static string Receive(Socket socket, int count)
    {
        var buffer = new byte[count];
        for (var got = 0; got < count;)
            got += socket.Receive(buffer, got, count - got, SocketFlags.None);
        return Encoding.ASCII.GetString(buffer);
    }
}
