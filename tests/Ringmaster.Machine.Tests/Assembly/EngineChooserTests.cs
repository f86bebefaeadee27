using Ringmaster.Cpu.Translator;
using Ringmaster.Host.Kvm;
using Ringmaster.Machine.Assembly;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Machine.Tests.Assembly;

public sealed class EngineChooserTests
{
    [Theory]
    [InlineData(EngineChoice.Auto, 1, true, EngineChoice.Translator, "fastest engine")]
    [InlineData(EngineChoice.Auto, 1, false, EngineChoice.Interpreter, "works on every host")]
    [InlineData(EngineChoice.Auto, 2, true, EngineChoice.Interpreter, "several CPUs")]
    [InlineData(EngineChoice.Interpreter, 4, true, EngineChoice.Interpreter, "asked for")]
    [InlineData(EngineChoice.Translator, 1, true, EngineChoice.Translator, "asked for")]
    public void Every_choice_means_an_engine_and_has_a_reason(EngineChoice choice, int cpus, bool translates, EngineChoice expected, string reason)
    {
        var decision = EngineChooser.Decide(choice, cpus, new TranslatorSupport(translates, "Found."));

        Assert.Equal(expected, decision.Engine);
        Assert.Contains(reason, decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_translator_that_does_not_work_here_is_refused_with_the_reason_and_a_remedy()
    {
        var refusal = Assert.Throws<MachineSetupException>(
            () => EngineChooser.Decide(EngineChoice.Translator, 1, new TranslatorSupport(false, "This is what is missing.")));

        Assert.Contains("This is what is missing.", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--engine interpreter", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_translator_is_not_given_several_cpus()
    {
        var refusal = Assert.Throws<MachineSetupException>(
            () => EngineChooser.Decide(EngineChoice.Translator, 4, new TranslatorSupport(true, "")));

        Assert.Contains("one CPU, not 4", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--engine interpreter", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EngineChoice.Interpreter, "interpreter")]
    [InlineData(EngineChoice.Translator, "translator")]
    public void An_engine_is_called_as_users_choose_it(EngineChoice choice, string name)
    {
        using var engine = EngineChooser.Create(new EngineDecision(choice, ""), EngineConfig.Default);

        Assert.Equal(name, engine.Name);
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
