using Ringmaster.Cpu.Kvm.Execution;

namespace Ringmaster.Cpu.Kvm.Tests;

public sealed class TscTimelineTests
{
    [Fact]
    public void All_vcpus_of_an_epoch_have_the_same_distance()
    {
        var (timeline, clock) = (new TscTimeline(), new Clock { Now = 1000 });

        var first = timeline.DistanceIn(1, clock, () => 5_000_000);
        clock.Now = 2000;
        var second = timeline.DistanceIn(1, clock, () => 5_001_001);

        Assert.Equal(unchecked(1000UL - 5_000_000), first);
        Assert.Equal(first, second);
    }

    [Fact]
    public void A_pause_moves_the_distance_by_its_length()
    {
        var (timeline, clock) = (new TscTimeline(), new Clock { Now = 1000 });
        var before = timeline.DistanceIn(1, clock, () => 5000);

        var after = timeline.DistanceIn(2, clock, () => 9000);

        Assert.Equal(unchecked(before - 4000), after);
    }

    [Fact]
    public void The_counter_does_not_go_back_when_the_clocks_have_drifted_apart()
    {
        var (timeline, clock) = (new TscTimeline(), new Clock { Now = 1000 });
        _ = timeline.DistanceIn(1, clock, () => 5000);
        timeline.StoodStillAt(1700);
        clock.Now = 1600;

        var distance = timeline.DistanceIn(2, clock, () => 5900);

        Assert.Equal(1700UL, unchecked(5900 + distance));
    }

    private sealed class Clock : ITimestampCounter
    {
        public ulong Frequency => 1_000_000_000;

        public ulong Now { get; set; }
    }
}
