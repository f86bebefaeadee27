using System.Buffers.Binary;
using Ringmaster.Host.Files;
using Ringmaster.Host.Network;

namespace Ringmaster.Backends.Network;

/// <summary>
/// Writes frames into a stream socket, each behind its length. Never waits: what does not go out is kept, and dropped when too
/// much is kept.
/// </summary>
/// <param name="socket">The socket.</param>
/// <param name="bell">Rung when there is something to <see cref="Flush"/>.</param>
/// <remarks>
/// Each frame is written in one call. The kernel takes up to half of the socket's buffer as a whole or not at all, so readers
/// mostly find whole frames, which passt is quicker with.
/// </remarks>
internal sealed class FrameStreamWriter(LocalSocket socket, WakeSignal bell)
{
    private const int PrefixSize = 4, Capacity = 1024 * 1024;

    private readonly object _lock = new();
    private readonly FrameBacklog _backlog = new(Capacity);
    private int _sentOfFirst;
    private bool _broken;

    /// <summary>Whether there is something to flush.</summary>
    internal bool HasBacklog
    {
        get
        {
            lock (_lock)
                return !_backlog.IsEmpty;
        }
    }

    /// <summary>Sends a frame, now or later or never.</summary>
    internal void Send(ReadOnlySpan<byte> frame)
    {
        Span<byte> prefix = stackalloc byte[PrefixSize];
        BinaryPrimitives.WriteInt32BigEndian(prefix, frame.Length);
        lock (_lock)
        {
            if (_broken)
                return;
            if (!_backlog.IsEmpty)
            {
                _backlog.TryAdd(prefix, frame);
                return;
            }
            var outcome = socket.TrySend(prefix, frame, out var sent);
            _broken = outcome == Transfer.Broken;
            if (_broken || sent == prefix.Length + frame.Length)
                return;
            _backlog.TryAdd(prefix, frame);
            _sentOfFirst = sent;
        }
        bell.Set();
    }

    /// <summary>Writes what was kept, as far as it goes.</summary>
    internal void Flush()
    {
        lock (_lock)
        {
            while (!_backlog.IsEmpty)
            {
                var outcome = socket.TrySend(_backlog.First[_sentOfFirst..], default, out var sent);
                if (outcome == Transfer.Busy)
                    return;
                if (outcome == Transfer.Broken)
                {
                    Break();
                    return;
                }
                _sentOfFirst += sent;
                if (_sentOfFirst < _backlog.First.Length)
                    return;
                _sentOfFirst = 0;
                _backlog.RemoveFirst();
            }
        }
    }

    /// <summary>Sends nothing any more.</summary>
    internal void Close()
    {
        lock (_lock)
            Break();
    }

    private void Break()
    {
        _broken = true;
        _backlog.Clear();
        _sentOfFirst = 0;
    }
}
