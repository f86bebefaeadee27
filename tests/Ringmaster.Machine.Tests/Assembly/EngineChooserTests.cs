using Ringmaster.Host.Kvm;
using Ringmaster.Machine.Assembly;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Machine.Tests.Assembly;

public sealed class EngineChooserTests
{
    [Theory]
    [InlineData(EngineChoice.Auto, EngineChoice.Interpreter, "works on every host")]
    [InlineData(EngineChoice.Interpreter, EngineChoice.Interpreter, "asked for")]
    public void Every_choice_means_an_engine_and_has_a_reason(EngineChoice choice, EngineChoice expected, string reason)
    {
        var decision = EngineChooser.Decide(choice);

        Assert.Equal(expected, decision.Engine);
        Assert.Contains(reason, decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_engine_is_called_as_users_choose_it()
    {
        using var engine = EngineChooser.Create(EngineChooser.Decide(EngineChoice.Auto));

        Assert.Equal("interpreter", engine.Name);
    }

    [Theory]
    [InlineData(KvmProbeStep.Open, false)]
    [InlineData(KvmProbeStep.RunGuest, false)]
    [InlineData(KvmProbeStep.Works, true)]
    public void What_the_probe_of_kvm_saw_is_passed_on(KvmProbeStep step, bool supports)
    {
        var report = EngineChooser.Kvm(new KvmProbeResult(step, "This is what happened."));

        Assert.Equal((supports, false), (report.HostSupports, report.Available));
        Assert.StartsWith("This is what happened. ", report.Explanation, StringComparison.Ordinal);
    }
}
