using System.Net.Sockets;
using System.Threading.Channels;
using Ringmaster.Devices.Virtio.Vsock;

namespace Ringmaster.Backends.Sockets;

/// <summary>A stream of a guest's and the Unix socket that is its other end.</summary>
/// <param name="stream">The stream.</param>
/// <param name="guest">The guest.</param>
/// <remarks>It is not disposed of: its signals hold nothing of the system's, and others may set them to the end.</remarks>
#pragma warning disable CA1001 // See the remark.
internal sealed class VsockPipe(VsockStream stream, IVsockGuest guest)
#pragma warning restore CA1001
{
    private static readonly TimeSpan s_longestFlush = TimeSpan.FromSeconds(10);

    // As many bytes as the guest is given room for, so it need not be bounded here.
    private readonly Channel<byte[]> _toHost = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _room = new(0);
    private readonly CancellationTokenSource _closed = new(), _deaf = new();
    private volatile bool _isGone;

    public VsockStream Stream => stream;

    /// <summary>Completed with true when a stream that the host has opened is accepted.</summary>
    public TaskCompletionSource<bool> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The guest sends.</summary>
    public void Send(ReadOnlySpan<byte> bytes) => _toHost.Writer.TryWrite(bytes.ToArray());

    /// <summary>The guest has room again.</summary>
    public void Ready() => _room.Release();

    /// <summary>The guest has sent its last byte.</summary>
    public void End() => _toHost.Writer.TryComplete();

    /// <summary>The stream is gone; what the guest has sent before still goes out, for a while.</summary>
    public void Close()
    {
        Leave();
        _closed.CancelAfter(s_longestFlush);
    }

    /// <summary>Everything ends now.</summary>
    public void Abort()
    {
        Leave();
        _ = _closed.CancelAsync();
    }

    /// <summary>Moves bytes both ways until both ends have sent their last one, or one is gone.</summary>
    public async Task Run(Socket socket)
    {
        await Task.WhenAll(Guarded(ToHost(socket), _deaf), Guarded(ToGuest(socket), _closed)).ConfigureAwait(false);
        if (!_isGone)
            guest.Close(stream);
    }

    private void Leave()
    {
        _isGone = true;
        End();
        Answer.TrySetResult(false);
        // Elsewhere: whoever calls this has the machine's lock.
        _ = _deaf.CancelAsync();
    }

    /// <summary>A direction that fails takes the other along.</summary>
    private static async Task Guarded(Task direction, CancellationTokenSource other)
    {
        try
        {
            await direction.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It was to end.
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            await other.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task ToHost(Socket socket)
    {
        await foreach (var bytes in _toHost.Reader.ReadAllAsync(_closed.Token).ConfigureAwait(false))
        {
            for (var sent = 0; sent < bytes.Length;)
                sent += await socket.SendAsync(bytes.AsMemory(sent), SocketFlags.None, _closed.Token).ConfigureAwait(false);
            if (!_isGone)
                guest.Forwarded(stream, bytes.Length);
        }
        socket.Shutdown(SocketShutdown.Send);
    }

    private async Task ToGuest(Socket socket)
    {
        var buffer = new byte[16 * 1024];
        for (int count; (count = await socket.ReceiveAsync(buffer, SocketFlags.None, _deaf.Token).ConfigureAwait(false)) > 0;)
        {
            for (var taken = 0; taken < count;)
            {
                taken += guest.Receive(stream, buffer.AsSpan(taken, count - taken));
                if (taken < count)
                    await _room.WaitAsync(_deaf.Token).ConfigureAwait(false);
            }
        }
        if (!_isGone)
            guest.End(stream);
    }
}
