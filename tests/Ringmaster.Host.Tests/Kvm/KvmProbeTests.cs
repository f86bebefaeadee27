using Ringmaster.Host.Kvm;

namespace Ringmaster.Host.Tests.Kvm;

public sealed class KvmProbeTests
{
    [Theory]
    [InlineData("/nonexistent/kvm", KvmProbeStep.Open)]
    [InlineData("/dev/null", KvmProbeStep.ApiVersion)]
    [InlineData("/", KvmProbeStep.Open)]
    public void The_probe_says_which_step_failed(string path, KvmProbeStep step)
    {
        var result = KvmProbe.Try(path, TimeSpan.FromSeconds(10));

        Assert.Equal(step, result.Step);
        Assert.False(result.Works);
        Assert.EndsWith(".", result.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void The_probe_comes_to_a_verdict_on_this_host_in_time()
    {
        var result = KvmProbe.Try("/dev/kvm", TimeSpan.FromSeconds(3));

        Assert.Equal(result.Step == KvmProbeStep.Works, result.Works);
        Assert.False(File.Exists("/dev/kvm") && result.Explanation.Contains("No such file", StringComparison.Ordinal));
    }
}
