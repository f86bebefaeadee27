using Ringmaster.Devices.Clock;
using Ringmaster.Machine.Assembly;

namespace Ringmaster.Machine.Tests.Assembly;

public sealed class VmTscTests
{
    private const ulong Frequency = 2_793_440_000;

    [Fact]
    public void At_the_usual_rate_a_tick_is_a_nanosecond()
    {
        var tsc = new VmTsc(new RealVmClock(now: 123_456));

        Assert.Equal((VmTsc.UsualFrequency, 123_456UL), (tsc.Frequency, tsc.Now));
    }

    [Fact]
    public void At_another_rate_the_counter_follows_the_clock()
    {
        var tsc = new VmTsc(new RealVmClock(now: 3_000_000_000), Frequency);

        Assert.Equal(3 * Frequency, tsc.Now);
    }

    [Theory]
    [InlineData(1_000_000_000UL)]
    [InlineData(Frequency)]
    public void A_deadline_is_the_first_nanosecond_at_which_the_counter_is_there(ulong frequency)
    {
        const ulong offset = 5_000, deadline = 7_777_777;
        var clock = new VmTsc(new RealVmClock(), frequency).WithOffset(() => offset);

        var time = clock.DeadlineOf(deadline);

        Assert.True(clock.TscAt(time) >= deadline);
        Assert.True(clock.TscAt(time - 1) < deadline);
    }

    [Theory]
    [InlineData(4_999UL, 0L)]
    [InlineData(ulong.MaxValue, long.MaxValue)]
    public void What_has_passed_is_due_and_what_never_comes_is_never_due(ulong deadline, long expected) =>
        Assert.Equal(expected, new VmTsc(new RealVmClock(), Frequency).WithOffset(() => 5_000).DeadlineOf(deadline));

    [Fact]
    public void Going_on_after_a_pause_is_another_epoch()
    {
        var clock = new RealVmClock();
        var tsc = new VmTsc(clock);
        clock.Resume();
        var before = tsc.Epoch;
        clock.Resume();
        Assert.Equal(before, tsc.Epoch);

        clock.Pause();
        clock.Resume();

        Assert.NotEqual(before, tsc.Epoch);
    }
}
