using Ringmaster.Bench.Guests;
using Ringmaster.Bench.Monitors;

namespace Ringmaster.Bench.Tests.Guests;

public sealed class NanoTranscriptTests
{
    [Fact]
    public void Ticks_become_the_hosts_time_by_the_first_and_the_last_line()
    {
        // 2 GHz: 4e9 ticks in 2 seconds.
        var transcript = NanoTranscript.Parse(
        [
            new(1, "NANO start 1000000000"),
            new(2, "NANO result call/ret 400000 1000"),
            new(3, "NANO end 5000000000"),
        ]);

        Assert.Null(transcript.Failed);
        var result = Assert.Single(transcript.Results);
        Assert.Equal("call/ret", result.Name);
        Assert.Equal(200, result.Nanoseconds, 1e-9);
    }

    [Fact]
    public void Without_an_end_nothing_can_be_said()
    {
        var transcript = NanoTranscript.Parse([new(1, "NANO start 1000"), new(2, "NANO result in 400000 1000"), new(3, "NANO failed ptemod")]);

        Assert.Empty(transcript.Results);
        Assert.Equal("ptemod", transcript.Failed);
    }
}
