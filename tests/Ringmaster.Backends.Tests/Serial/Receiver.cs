using System.Text;

namespace Ringmaster.Backends.Tests.Serial;

/// <summary>A device that takes as many bytes as it has room for.</summary>
internal sealed class Receiver(int room = int.MaxValue)
{
    private readonly List<byte> _taken = [];
    private int _room = room;

    internal string Text
    {
        get
        {
            lock (_taken)
                return Encoding.ASCII.GetString([.. _taken]);
        }
    }

    internal void MakeRoom(int bytes) => Interlocked.Add(ref _room, bytes);

    internal int Take(ReadOnlySpan<byte> bytes)
    {
        lock (_taken)
        {
            var count = Math.Min(bytes.Length, _room);
            _taken.AddRange(bytes[..count]);
            Interlocked.Add(ref _room, -count);
            return count;
        }
    }
}
