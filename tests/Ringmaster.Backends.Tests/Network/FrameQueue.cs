using System.Collections.Concurrent;
using Ringmaster.Devices.Network;

namespace Ringmaster.Backends.Tests.Network;

/// <summary>A device that keeps what it receives.</summary>
internal sealed class FrameQueue : IDisposable
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(10);

    private readonly BlockingCollection<(byte[] Frame, FrameOffload Offload)> _frames = [];
    private int _room = int.MaxValue;

    internal int Count => _frames.Count;

    /// <summary>How many frames it takes from now on.</summary>
    internal void SetRoom(int frames) => Volatile.Write(ref _room, frames);

    internal bool Receive(ReadOnlySpan<byte> frame, in FrameOffload offload)
    {
        if (Volatile.Read(ref _room) <= 0)
            return false;
        Interlocked.Decrement(ref _room);
        _frames.Add((frame.ToArray(), offload));
        return true;
    }

    internal byte[] Take() => TakeWithOffload().Frame;

    internal (byte[] Frame, FrameOffload Offload) TakeWithOffload()
    {
        Assert.True(_frames.TryTake(out var frame, s_longestWait), "No frame came within ten seconds.");
        return frame;
    }

    /// <summary>The next frame for which a condition holds; those before it are thrown away.</summary>
    internal byte[] Take(Func<byte[], bool> wanted)
    {
        while (true)
        {
            var frame = Take();
            if (wanted(frame))
                return frame;
        }
    }

    public void Dispose() => _frames.Dispose();
}
