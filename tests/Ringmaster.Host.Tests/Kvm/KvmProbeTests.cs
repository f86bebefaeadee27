using Ringmaster.Host.Kvm;

namespace Ringmaster.Host.Tests.Kvm;

public sealed class KvmProbeTests
{
    private const int NoEntry = 2, IsDirectory = 21, NotATerminal = 25;

    [Theory]
    [InlineData("/nonexistent/kvm", KvmProbeStep.Open, NoEntry)]
    [InlineData("/dev/null", KvmProbeStep.ApiVersion, NotATerminal)]
    [InlineData("/", KvmProbeStep.Open, IsDirectory)]
    public void The_probe_says_which_step_failed(string path, KvmProbeStep step, int error)
    {
        var result = KvmProbe.Try(path, TimeSpan.FromSeconds(10));

        Assert.Equal((step, error), (result.Step, result.Error));
        Assert.False(result.Works);
        Assert.EndsWith(".", result.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void The_probe_comes_to_a_verdict_on_this_host_in_time()
    {
        var result = KvmProbe.Measure("/dev/kvm", TimeSpan.FromSeconds(5));

        Assert.Equal(result.Step == KvmProbeStep.Works, result.Works);
        Assert.False(File.Exists("/dev/kvm") && result.Explanation.Contains("No such file", StringComparison.Ordinal));
        Assert.Equal(result.Works, result.ExitCost is { Exits: >= 100, PerSecond: > 0, MedianNanoseconds: > 0 });
        Assert.True(!result.Works || result.WidestMode == 64, result.Explanation);
    }

    [Fact]
    public void A_host_without_hardware_assist_in_its_processor_does_not_work()
    {
        // The kernel shows vmx or svm where it can use them; any other /dev/kvm is for guests that are made for it.
        var hasAssist = File.ReadLines("/proc/cpuinfo").Any(l => l.StartsWith("flags", StringComparison.Ordinal) && l.Split(' ').Any(f => f is "vmx" or "svm"));

        var result = KvmProbe.Try("/dev/kvm", TimeSpan.FromSeconds(5));

        Assert.False(result.Works && !hasAssist, result.Explanation);
    }
}
