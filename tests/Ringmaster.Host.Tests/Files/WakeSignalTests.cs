using Ringmaster.Host.Files;

namespace Ringmaster.Host.Tests.Files;

public sealed class WakeSignalTests
{
    [Fact]
    public void It_stays_set_until_it_is_cleared()
    {
        using var signal = new WakeSignal();
        Assert.False(IsSet(signal));

        signal.Set();
        signal.Set();
        Assert.True(IsSet(signal));
        Assert.True(IsSet(signal));
        signal.Clear();

        Assert.False(IsSet(signal));
    }

    [Fact]
    public void Set_after_the_end_does_nothing()
    {
        var signal = new WakeSignal();
        signal.Dispose();
        using var next = new WakeSignal();

        signal.Set();

        Assert.False(IsSet(next));
    }

    [Fact]
    public async Task A_signal_that_is_set_while_it_is_disposed_does_not_set_the_one_that_gets_its_number()
    {
        for (var round = 0; round < 5000; round++)
        {
            var signal = new WakeSignal();
            using var start = new Barrier(2);
            var setter = Task.Run(() =>
            {
                start.SignalAndWait();
                signal.Set();
            });
            start.SignalAndWait();
            signal.Dispose();
            using var next = new WakeSignal();
            await setter;

            Assert.False(IsSet(next), $"In round {round}.");
        }
    }

    private static bool IsSet(WakeSignal signal)
    {
        var set = new PollSet();
        var index = set.Add(signal, readable: true);
        set.Wait(longest: 0);
        return set.IsReadable(index);
    }
}
