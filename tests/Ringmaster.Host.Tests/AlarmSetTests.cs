using Ringmaster.Host.Waiting;

namespace Ringmaster.Host.Tests;

public sealed class AlarmSetTests
{
    [Fact]
    public void Those_that_are_set_are_named()
    {
        using var set = new AlarmSet();
        using Alarm one = new(), two = new(), three = new();
        set.Include(one, 1);
        set.Include(two, -2);
        set.Include(three, long.MaxValue);
        two.Set();
        three.Set();

        Assert.Equal([-2, long.MaxValue], set.Wait().Order());
    }

    [Fact]
    public void One_stays_set_until_it_has_been_waited_for()
    {
        using var set = new AlarmSet();
        using var alarm = new Alarm();
        set.Include(alarm, 5);
        alarm.Set();
        Assert.Equal([5L], set.Wait());
        Assert.Equal([5L], set.Wait());

        Assert.True(alarm.Wait(0));
        Assert.False(alarm.Wait(0));
    }

    [Fact]
    public void One_that_is_set_while_somebody_waits_wakes_them()
    {
        using var set = new AlarmSet();
        using var alarm = new Alarm();
        set.Include(alarm, 5);
        var thread = new Thread(() =>
        {
            Thread.Sleep(20);
            alarm.Set();
        });
        thread.Start();

        Assert.Equal([5L], set.Wait());
        thread.Join();
    }

    [Fact]
    public void One_that_was_excluded_is_not_named()
    {
        using var set = new AlarmSet();
        using Alarm gone = new(), there = new();
        set.Include(gone, 1);
        set.Include(there, 2);
        set.Exclude(gone);
        gone.Set();
        there.Set();

        Assert.Equal([2L], set.Wait());
    }
}
