using Ringmaster.Bench.Report;

namespace Ringmaster.Bench.Tests.Report;

public sealed class GeometricMeanTests
{
    [Fact]
    public void Twice_and_half_cancel() => Assert.Equal(1, GeometricMean.Of([2, 0.5])!.Value, 1e-12);

    [Fact]
    public void It_is_the_root_of_the_product() => Assert.Equal(6, GeometricMean.Of([2, 4, 27])!.Value, 1e-12);

    [Fact]
    public void Nothing_has_no_mean() => Assert.Null(GeometricMean.Of([]));
}
