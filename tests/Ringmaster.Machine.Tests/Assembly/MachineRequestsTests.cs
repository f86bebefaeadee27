using Ringmaster.Cpu;
using Ringmaster.Machine.Assembly;

namespace Ringmaster.Machine.Tests.Assembly;

public sealed class MachineRequestsTests
{
    private int _wakes;

    [Fact]
    public void Of_several_ends_the_first_counts()
    {
        var requests = new MachineRequests(() => _wakes++);

        requests.End(new RunOutcome.DebugExit(3));
        requests.End(new RunOutcome.PoweredOff());
        requests.Crash(new VcpuIndex(1));

        Assert.Equal((new RunOutcome.DebugExit(3), null), (requests.Outcome, requests.Crashed));
        Assert.Equal(3, _wakes);
    }

    [Fact]
    public void Of_several_crashes_the_first_counts_and_an_end_after_it_does_not()
    {
        var requests = new MachineRequests(() => _wakes++);

        requests.Crash(new VcpuIndex(2));
        requests.Crash(new VcpuIndex(1));
        requests.End(new RunOutcome.PoweredOff());

        Assert.Equal((new VcpuIndex(2), null), (requests.Crashed, requests.Outcome));
    }

    [Fact]
    public void A_reset_is_over_when_it_has_been_carried_out()
    {
        var requests = new MachineRequests(() => _wakes++);

        requests.AskReset();

        Assert.False(requests.IsEmpty);
        requests.ResetDone();
        Assert.True(requests.IsEmpty);
    }
}
