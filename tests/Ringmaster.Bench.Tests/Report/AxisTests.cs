using Ringmaster.Bench.Report.Chart;

namespace Ringmaster.Bench.Tests.Report;

public sealed class AxisTests
{
    [Fact]
    public void A_logarithmic_axis_ends_at_round_values_around_all_others()
    {
        var axis = LogAxis.Around([0.9, 3, 41]);

        Assert.Equal([0.5, 1, 2, 5, 10, 20, 50], axis.Ticks.Select(tick => Math.Round(tick, 9)));
        Assert.Equal(0, axis.Position(0.5), 1e-9);
        Assert.Equal(1, axis.Position(50), 1e-9);
        Assert.Equal(axis.Position(10) - axis.Position(1), axis.Position(50) - axis.Position(5), 1e-9);
    }

    [Fact]
    public void Many_decades_show_their_starts_only() =>
        Assert.Equal([1, 10, 100, 1000, 10000], LogAxis.Around([1, 15826]).Ticks.Select(tick => Math.Round(tick, 9)));

    [Theory]
    [InlineData(1.0)]
    [InlineData(10.0)]
    [InlineData(0.5)]
    public void A_single_round_value_has_an_axis_too(double value)
    {
        var axis = LogAxis.Around([value]);

        Assert.InRange(axis.Position(value), 0, 1);
    }

    [Theory]
    [InlineData(8.7, 9.0, 10)]
    [InlineData(1.6, 1.6, 9)]
    [InlineData(3.0, 3.0, 7)]
    [InlineData(40, 40, 5)]
    public void A_linear_axis_starts_at_zero_and_ends_at_a_round_value(double most, double last, int ticks)
    {
        var axis = LinearAxis.Around([1, most]);

        Assert.Equal(0, axis.Ticks[0]);
        Assert.Equal(last, axis.Ticks[^1], 1e-9);
        Assert.Equal(ticks, axis.Ticks.Count);
        Assert.Equal(0.5, axis.Position(last / 2), 1e-9);
    }
}
