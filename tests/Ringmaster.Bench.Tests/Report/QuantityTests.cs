using Ringmaster.Bench.Report;

namespace Ringmaster.Bench.Tests.Report;

public sealed class QuantityTests
{
    [Theory]
    [InlineData(0.0514, "0.051")]
    [InlineData(1.004, "1.00")]
    [InlineData(23.456, "23.5")]
    [InlineData(876.5, "877")]
    [InlineData(12733, "12,733")]
    public void Numbers_have_three_digits_or_all_before_the_point(double value, string text) => Assert.Equal(text, Quantity.Short(value));

    [Theory]
    [InlineData(74.4, "ns/key", "74.4 ns/key")]
    [InlineData(12_340, "ns/switch", "12.3 us/switch")]
    [InlineData(4_500_000, "ns/process", "4.50 ms/process")]
    [InlineData(1.67, "s", "1.67 s")]
    [InlineData(102, "MiB", "102 MiB")]
    public void Nanoseconds_of_an_operation_become_larger_units(double value, string unit, string text) =>
        Assert.Equal(text, Quantity.Short(new Spread(value, value, value, 1), unit));

    [Fact]
    public void Several_values_show_their_range_in_the_same_unit() =>
        Assert.Equal("2.00 (1.00-4.00) ms/call", Quantity.Short(new Spread(2e6, 1e6, 4e6, 3), "ns/call"));

    [Fact]
    public void Nothing_is_a_dash()
    {
        Assert.Equal("-", Quantity.Short((Spread?)null));
        Assert.Equal("-", Quantity.Short(null, "s"));
    }
}
