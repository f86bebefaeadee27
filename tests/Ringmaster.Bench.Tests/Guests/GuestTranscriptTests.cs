using Ringmaster.Bench.Guests;
using Ringmaster.Bench.Monitors;

namespace Ringmaster.Bench.Tests.Guests;

public sealed class GuestTranscriptTests
{
    [Fact]
    public void Times_are_the_hosts_when_the_guests_clock_is_slow()
    {
        // Ten seconds of the host are eight of the guest.
        var transcript = GuestTranscript.Parse(
        [
            new(3, "GUEST init 1500000 2000000000"),
            new(5, "BENCH fib 4.0 ns/call b046"),
            new(13, "GUEST end 10000000000"),
        ]);

        Assert.Equal(1.5, transcript.KernelToInit);
        Assert.Equal(3, transcript.CommandToInit);
        Assert.Equal(13, transcript.EndLine);
        Assert.Equal(5, Assert.Single(transcript.Results).Nanoseconds, 1e-9);
    }

    [Fact]
    public void A_guest_that_died_keeps_what_it_had_found()
    {
        var transcript = GuestTranscript.Parse([new(3, "GUEST init 1500000 2000000000"), new(5, "BENCH fib 4.0 ns/call b046"), new(6, "BEN")]);

        Assert.Equal(4, Assert.Single(transcript.Results).Nanoseconds);
        Assert.Null(transcript.EndLine);
    }

    [Fact]
    public void Programs_that_failed_are_named()
    {
        var transcript = GuestTranscript.Parse([new(3, "GUEST init -1 1"), new(4, "GUEST failed exec 256"), new(5, "GUEST end 2")]);

        Assert.Equal(["exec"], transcript.FailedPrograms);
        Assert.Null(transcript.KernelToInit);
    }

    [Fact]
    public void A_silent_guest_tells_nothing()
    {
        var transcript = GuestTranscript.Parse([]);

        Assert.Null(transcript.CommandToInit);
        Assert.Empty(transcript.Results);
    }
}
