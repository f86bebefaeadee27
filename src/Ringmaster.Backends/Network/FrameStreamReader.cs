using System.Buffers.Binary;
using Ringmaster.Devices.Network;

namespace Ringmaster.Backends.Network;

/// <summary>
/// Finds frames in a stream of bytes: each comes behind its length, 32 bits with the most significant byte first (passt(1) and
/// QEMU's stream sockets). Trusts nothing: a length that no frame has breaks the stream for good.
/// </summary>
internal sealed class FrameStreamReader
{
    private const int PrefixSize = 4, ShortestFrame = 14;

    private readonly byte[] _buffer = new byte[4 * (FrameFinisher.LongestFrame + PrefixSize)];
    private int _start;
    private int _end;

    /// <summary>Whether the stream can no longer be understood.</summary>
    internal bool IsBroken { get; private set; }

    /// <summary>Where to put more of the stream. Never empty after <see cref="TryPeek"/> has found nothing.</summary>
    internal Span<byte> Room
    {
        get
        {
            if (_start > 0)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                _end -= _start;
                _start = 0;
            }
            return _buffer.AsSpan(_end);
        }
    }

    /// <summary>Tells how much was put into <see cref="Room"/>.</summary>
    internal void Advance(int count) => _end += count;

    /// <summary>Looks at the next whole frame without taking it. Those too short for Ethernet are passed over.</summary>
    internal bool TryPeek(out ReadOnlySpan<byte> frame)
    {
        frame = default;
        while (!IsBroken && _end - _start >= PrefixSize)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(_buffer.AsSpan(_start));
            IsBroken = length > FrameFinisher.LongestFrame;
            if (IsBroken || _end - _start - PrefixSize < (int)length)
                return false;
            frame = _buffer.AsSpan(_start + PrefixSize, (int)length);
            if (frame.Length >= ShortestFrame)
                return true;
            Take();
        }
        frame = default;
        return false;
    }

    /// <summary>Takes the frame that <see cref="TryPeek"/> has found.</summary>
    internal void Take() => _start += PrefixSize + (int)BinaryPrimitives.ReadUInt32BigEndian(_buffer.AsSpan(_start));
}
