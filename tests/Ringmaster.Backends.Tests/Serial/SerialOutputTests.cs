using System.Diagnostics;
using Ringmaster.Backends.Serial;

namespace Ringmaster.Backends.Tests.Serial;

public sealed class SerialOutputTests
{
    [Fact]
    public void All_bytes_arrive_in_order_across_the_buffers_end()
    {
        var written = new List<byte>();
        using (var output = new SerialOutput("test", 16, bytes => written.AddRange(bytes)))
        {
            for (var i = 0; i < 100_000; i++)
                output.Put((byte)i);
        }

        Assert.Equal(Enumerable.Range(0, 100_000).Select(i => (byte)i), written);
    }

    [Fact]
    public void A_stuck_reader_holds_the_device_up_only_briefly()
    {
        using var stuck = new ManualResetEventSlim();
        var output = new SerialOutput("test", 16, _ => stuck.Wait());
        var watch = Stopwatch.StartNew();

        for (var i = 0; i < 10_000; i++)
            output.Put((byte)i);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"It took {watch.Elapsed}.");
        Assert.InRange(output.Dropped, 10_000 - 40, 10_000 - 16);
        stuck.Set();
        output.Dispose();
    }
}
