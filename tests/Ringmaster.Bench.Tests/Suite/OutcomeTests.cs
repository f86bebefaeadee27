using Ringmaster.Bench.Guests;
using Ringmaster.Bench.Monitors;
using Ringmaster.Bench.Suite;

namespace Ringmaster.Bench.Tests.Suite;

public sealed class OutcomeTests
{
    private static readonly Setting s_guest = new("guest", new QemuMonitor(new QemuOptions(QemuOptions.Tcg, null, "max")));

    [Fact]
    public void A_wrong_result_is_a_failure_and_its_time_does_not_count()
    {
        var outcome = new Outcome(1);

        Add(outcome, Setting.Native, "right");
        Add(outcome, s_guest, "wrong");

        Assert.Equal("wrong result of fib: checksum wrong, but right in native", Assert.Single(outcome.Failures).What);
        Assert.Equal([null], outcome.Measurements.Of("fib", "guest"));
        Assert.Equal([4.0], outcome.Measurements.Of("fib", Setting.NativeName));
    }

    [Fact]
    public void The_same_result_is_none()
    {
        var outcome = new Outcome(1);

        Add(outcome, s_guest, "right");
        Add(outcome, Setting.Native, "right");

        Assert.Empty(outcome.Failures);
        Assert.Equal([4.0], outcome.Measurements.Of("fib", "guest"));
    }

    private static void Add(Outcome outcome, Setting setting, string checksum) =>
        outcome.Add("fib", setting, 0, new ProgramResult("fib", 4, checksum), 4);
}
