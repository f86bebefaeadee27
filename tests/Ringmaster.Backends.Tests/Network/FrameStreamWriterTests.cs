using Ringmaster.Backends.Network;
using Ringmaster.Host.Files;
using Ringmaster.Host.Network;

namespace Ringmaster.Backends.Tests.Network;

public sealed class FrameStreamWriterTests
{
    [Fact]
    public void What_the_other_end_does_not_take_is_kept_in_order_and_the_rest_dropped_whole()
    {
        var (ours, theirs) = LocalSocket.CreateStreamPair();
        using var bell = new WakeSignal();
        using (ours)
        using (theirs)
        {
            var writer = new FrameStreamWriter(ours, bell);
            var watch = System.Diagnostics.Stopwatch.StartNew();
            for (var i = 0; i < 2000; i++)
                writer.Send(Enumerable.Repeat((byte)(i % 251), 1500).ToArray());
            var took = watch.Elapsed;

            var reader = new FrameStreamReader();
            var seen = new List<int>();
            while (Receive(theirs, reader, seen))
                writer.Flush();

            Assert.True(took < TimeSpan.FromSeconds(2), $"Sending waited: {took}.");
            Assert.InRange(seen.Count, 600, 1999);
            Assert.Equal(Enumerable.Range(0, seen.Count).Select(i => i % 251), seen);
        }
    }

    [Fact]
    public void Nobody_at_the_other_end_ends_the_writing()
    {
        var (ours, theirs) = LocalSocket.CreateStreamPair();
        using var bell = new WakeSignal();
        using (ours)
        {
            var writer = new FrameStreamWriter(ours, bell);
            theirs.Dispose();

            writer.Send(new byte[60]);
            writer.Send(new byte[60]);

            Assert.False(writer.HasBacklog);
        }
    }

    private static bool Receive(LocalSocket socket, FrameStreamReader reader, List<int> seen)
    {
        if (socket.TryReceive(reader.Room, out var count) != Transfer.Done)
            return false;
        reader.Advance(count);
        while (reader.TryPeek(out var frame))
        {
            Assert.Equal(1500, frame.Length);
            Assert.False(frame.ContainsAnyExcept(frame[0]));
            seen.Add(frame[0]);
            reader.Take();
        }
        return true;
    }
}
