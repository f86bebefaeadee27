using System.Buffers;

namespace Ringmaster.Backends.Network;

/// <summary>Frames that could not go out yet, oldest first, up to a number of bytes. For use under its owner's lock.</summary>
/// <param name="capacity">Most bytes.</param>
internal sealed class FrameBacklog(int capacity)
{
    private readonly Queue<(byte[] Buffer, int Length)> _frames = [];
    private int _bytes;

    internal bool IsEmpty => _frames.Count == 0;

    /// <summary>The oldest frame; there must be one.</summary>
    internal ReadOnlySpan<byte> First
    {
        get
        {
            var (buffer, length) = _frames.Peek();
            return buffer.AsSpan(0, length);
        }
    }

    /// <summary>Adds a frame that consists of two parts.</summary>
    /// <returns>False if there is no room for it.</returns>
    internal bool TryAdd(ReadOnlySpan<byte> head, ReadOnlySpan<byte> frame)
    {
        var length = head.Length + frame.Length;
        if (length > capacity - _bytes)
            return false;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        head.CopyTo(buffer);
        frame.CopyTo(buffer.AsSpan(head.Length));
        _frames.Enqueue((buffer, length));
        _bytes += length;
        return true;
    }

    internal void RemoveFirst()
    {
        var (buffer, length) = _frames.Dequeue();
        _bytes -= length;
        ArrayPool<byte>.Shared.Return(buffer);
    }

    internal void Clear()
    {
        while (!IsEmpty)
            RemoveFirst();
    }
}
