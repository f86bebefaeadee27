using Ringmaster.Bench.Report;

namespace Ringmaster.Bench.Tests.Report;

public sealed class SpreadTests
{
    [Theory]
    [InlineData(new[] { 3.0 }, 3.0, 3.0, 3.0)]
    [InlineData(new[] { 9.0, 1.0, 4.0 }, 4.0, 1.0, 9.0)]
    [InlineData(new[] { 9.0, 1.0, 4.0, 2.0 }, 3.0, 1.0, 9.0)]
    public void It_has_the_middle_and_both_ends(double[] values, double median, double least, double most) =>
        Assert.Equal(new Spread(median, least, most, values.Length), Spread.Of(values));

    [Fact]
    public void What_was_not_measured_does_not_count()
    {
        Assert.Equal(new Spread(2, 2, 2, 1), Spread.Of([null, 2.0, null]));
        Assert.Null(Spread.Of([(double?)null]));
    }
}
