using Ringmaster.Devices.Clock;

namespace Ringmaster.Devices.Tests.Clock;

public sealed class VmClockTests
{
    private readonly ManualVmClock _clock = new();
    private readonly List<string> _log = [];

    [Fact]
    public void Timers_expire_in_order_of_deadline_at_exactly_their_time()
    {
        Timer("late").Arm(300);
        Timer("early").Arm(100);
        Timer("also early").Arm(100);

        _clock.Advance(1000);

        Assert.Equal(["100 early", "100 also early", "300 late"], _log);
        Assert.Equal(1000, _clock.Now);
    }

    [Fact]
    public void A_timer_armed_by_an_expiring_one_expires_in_the_same_advance()
    {
        var second = Timer("second");
        var first = _clock.CreateTimer("first", () => second.Arm(_clock.Now + 50));
        first.Arm(100);

        _clock.Advance(150);

        Assert.Equal(["150 second"], _log);
    }

    [Fact]
    public void Arming_again_replaces_the_deadline()
    {
        var timer = Timer("t");
        timer.Arm(100);
        timer.Arm(200);

        _clock.Advance(199);
        Assert.Empty(_log);
        Assert.Equal(200, timer.Deadline);

        _clock.Advance(1);
        Assert.Equal(["200 t"], _log);
        Assert.Null(timer.Deadline);
    }

    [Fact]
    public void A_disarmed_timer_stays_silent()
    {
        var timer = Timer("t");
        timer.Arm(100);
        timer.Disarm();

        _clock.Advance(1000);

        Assert.Empty(_log);
        Assert.Null(_clock.NextDeadline);
    }

    [Fact]
    public void A_deadline_in_the_past_expires_later_but_not_inside_the_call()
    {
        _clock.Advance(500);
        Timer("t").Arm(100);
        Assert.Empty(_log);

        Assert.Equal(1, _clock.RunExpired());

        Assert.Equal(["500 t"], _log);
    }

    [Fact]
    public void A_timer_that_always_arms_itself_in_the_past_does_not_hold_the_clock_up_for_ever()
    {
        var calls = 0;
        IVmTimer timer = null!;
        timer = _clock.CreateTimer("greedy", () =>
        {
            calls++;
            timer.Arm(0);
        });
        timer.Arm(0);

        _clock.RunExpired();

        Assert.InRange(calls, 1, 1000);
    }

    [Fact]
    public void Whoever_sleeps_until_the_next_deadline_is_told_only_when_it_becomes_earlier()
    {
        var told = new List<long?>();
        _clock.EarlierDeadline += () => told.Add(_clock.NextDeadline);

        Timer("a").Arm(500);
        Timer("b").Arm(700);
        Timer("c").Arm(100);

        Assert.Equal([500, 100], told);
    }

    [Fact]
    public void Wall_clock_time_advances_with_the_clock()
    {
        var start = _clock.UtcNow;

        _clock.Advance(2_500_000_000);

        Assert.Equal(TimeSpan.FromSeconds(2.5), _clock.UtcNow - start);
    }

    [Fact]
    public void A_real_clock_stands_still_while_paused_and_never_goes_back()
    {
        var clock = new RealVmClock(now: 5_000);
        Assert.Equal(5_000, clock.Now);

        clock.Resume();
        var running = clock.Now;
        Assert.True(running >= 5_000);

        clock.Pause();
        var paused = clock.Now;
        Assert.True(paused >= running);
        Thread.Sleep(2);
        Assert.Equal(paused, clock.Now);

        clock.Resume();
        Assert.True(clock.Now >= paused);
    }

    [Fact]
    public void A_slow_real_clock_goes_slowly_and_says_what_its_time_is_on_the_host()
    {
        var (slow, usual) = (new RealVmClock(now: 5_000, slowdown: 1000), new RealVmClock());
        usual.Resume();
        slow.Resume();
        Thread.Sleep(2);
        var passed = slow.Now - 5_000;

        Assert.InRange(passed, 1_000, usual.Now / 1000 + 1);
        Assert.Equal((7_000_000L, 7_000L), (slow.OnHost(7_000), usual.OnHost(7_000)));
        Assert.Equal(long.MaxValue, slow.OnHost(long.MaxValue / 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RealVmClock(slowdown: 0));
    }

    private IVmTimer Timer(string name) => _clock.CreateTimer(name, () => _log.Add($"{_clock.Now} {name}"));
}
