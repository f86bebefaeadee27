using Ringmaster.Devices.Clock;
using Ringmaster.Machine.Running;

namespace Ringmaster.Machine.Tests.Running;

public sealed class TimerThreadTests
{
    [Fact]
    public void A_timer_runs_at_its_time_with_the_lock_held()
    {
        var machineLock = new Lock();
        var clock = new RealVmClock();
        using var rung = new ManualResetEventSlim();
        var (held, at) = (false, 0L);
        clock.Resume();
        using var thread = new TimerThread(clock, machineLock, _ => { });
        var timer = clock.CreateTimer("test", () =>
        {
            (held, at) = (machineLock.IsHeldByCurrentThread, clock.Now);
            rung.Set();
        });
        var deadline = clock.Now + 2_000_000;

        lock (machineLock)
            timer.Arm(deadline);

        Assert.True(rung.Wait(TimeSpan.FromSeconds(10)));
        Assert.True(held);
        Assert.InRange(at, deadline, long.MaxValue);
    }

    [Fact]
    public void A_timer_that_throws_is_told_once_and_ends_no_process()
    {
        var machineLock = new Lock();
        var clock = new RealVmClock();
        using var told = new ManualResetEventSlim();
        var failures = new List<Exception>();
        clock.Resume();
        using var thread = new TimerThread(clock, machineLock, failure =>
        {
            failures.Add(failure);
            told.Set();
        });
        var timer = clock.CreateTimer("test", () => throw new InvalidOperationException("the timer broke"));

        lock (machineLock)
            timer.Arm(0);

        Assert.True(told.Wait(TimeSpan.FromSeconds(10)));
        Assert.Equal("the timer broke", Assert.Single(failures).Message);
    }
}
