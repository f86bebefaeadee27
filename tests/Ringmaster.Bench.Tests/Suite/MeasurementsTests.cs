using Ringmaster.Bench.Report;
using Ringmaster.Bench.Suite;

namespace Ringmaster.Bench.Tests.Suite;

public sealed class MeasurementsTests
{
    [Fact]
    public void A_ratio_is_taken_within_each_round()
    {
        var measurements = new Measurements(3);
        Add(measurements, "host", 1, 2, 10);
        Add(measurements, "guest", 5, 20, 30);

        // 5, 10, 3; not 20 over 2.
        Assert.Equal(new Spread(5, 3, 10, 3), measurements.Ratio("fib", "guest", "host"));
    }

    [Fact]
    public void A_round_with_one_of_both_gives_no_ratio()
    {
        var measurements = new Measurements(2);
        Add(measurements, "host", 1, 2);
        measurements.Add("fib", "guest", 1, 8);

        Assert.Equal([null, 8], measurements.Of("fib", "guest"));
        Assert.Equal(new Spread(4, 4, 4, 1), measurements.Ratio("fib", "guest", "host"));
        Assert.Null(measurements.Ratio("fib", "elsewhere", "host"));
    }

    [Fact]
    public void What_is_no_number_is_not_taken()
    {
        var measurements = new Measurements(1);

        measurements.Add("fib", "guest", 0, double.NaN);

        Assert.Equal([null], measurements.Of("fib", "guest"));
    }

    private static void Add(Measurements measurements, string setting, params double[] values)
    {
        foreach (var (round, value) in values.Index())
            measurements.Add("fib", setting, round, value);
    }
}
