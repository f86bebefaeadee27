using Ringmaster.Cpu.Translator;
using Ringmaster.Host.Kvm;
using Ringmaster.Machine.Assembly;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Machine.Tests.Assembly;

public sealed class EngineChooserTests
{
    [Theory]
    [InlineData(EngineChoice.Auto, false, false, EngineChoice.Interpreter, "works on every host")]
    [InlineData(EngineChoice.Auto, true, false, EngineChoice.Translator, "fastest engine")]
    [InlineData(EngineChoice.Auto, true, true, EngineChoice.Kvm, "processor executes the guest itself")]
    [InlineData(EngineChoice.Interpreter, true, true, EngineChoice.Interpreter, "asked for")]
    [InlineData(EngineChoice.Translator, true, true, EngineChoice.Translator, "asked for")]
    [InlineData(EngineChoice.Kvm, true, true, EngineChoice.Kvm, "asked for")]
    public void Every_choice_means_an_engine_and_has_a_reason(EngineChoice choice, bool translates, bool assists, EngineChoice expected, string reason)
    {
        var decision = EngineChooser.Decide(choice, new TranslatorSupport(translates, "Found."), Kvm(assists ? KvmProbeStep.Works : KvmProbeStep.RunGuest));

        Assert.Equal(expected, decision.Engine);
        Assert.Contains(reason, decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_translator_that_does_not_work_here_is_refused_with_the_reason_and_a_remedy()
    {
        var refusal = Assert.Throws<MachineSetupException>(
            () => EngineChooser.Decide(EngineChoice.Translator, new TranslatorSupport(false, "This is what is missing."), null));

        Assert.Contains("This is what is missing.", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--engine interpreter", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kvm_that_does_not_work_here_is_refused_with_the_reason_and_a_remedy()
    {
        var refusal = Assert.Throws<MachineSetupException>(
            () => EngineChooser.Decide(EngineChoice.Kvm, new TranslatorSupport(true, "Found."), Kvm(KvmProbeStep.Open)));

        Assert.Equal("The engine \"kvm\" does not work on this host. This is what happened. Use \"--engine auto\".", refusal.Message);
    }

    [Fact]
    public void The_comparison_of_engines_is_not_given_several_cpus()
    {
        var refusal = Assert.Throws<MachineSetupException>(
            () => EngineChooser.Create(new EngineDecision(EngineChoice.Translator, ""), new EngineConfig(EngineChoice.Translator) { Compares = true }, 4));

        Assert.Contains("one CPU, not 4", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--cpus 1", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EngineChoice.Interpreter, "interpreter")]
    [InlineData(EngineChoice.Translator, "translator")]
    public void An_engine_is_called_as_users_choose_it(EngineChoice choice, string name)
    {
        using var engine = EngineChooser.Create(new EngineDecision(choice, ""), EngineConfig.Default, 1);

        Assert.Equal(name, engine.Name);
    }

    [Theory]
    [InlineData(KvmProbeStep.Open, false)]
    [InlineData(KvmProbeStep.RunGuest, false)]
    [InlineData(KvmProbeStep.Works, true)]
    public void What_the_probe_of_kvm_saw_is_passed_on(KvmProbeStep step, bool works)
    {
        var auto = EngineChooser.Decide(EngineChoice.Auto, new TranslatorSupport(true, "Found."), Kvm(step));

        var report = EngineChooser.Kvm(Kvm(step), auto);

        Assert.Equal((works, works), (report.HostSupports, report.Available));
        Assert.StartsWith("This is what happened.", report.Explanation, StringComparison.Ordinal);
        Assert.Equal(works, report.Explanation.Contains("\"--engine auto\" chooses it", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, EngineChoice.Translator, "it is the fastest engine of this version that works on this host, for its KVM does not do: The kernel is old")]
    [InlineData(false, EngineChoice.Interpreter, "the translator does not work on this one: Found, for its KVM does not do: The kernel is old")]
    public void A_device_that_runs_guests_and_lacks_what_the_engine_needs_is_passed_over_with_the_reason(bool translates, EngineChoice expected, string reason)
    {
        var decision = EngineChooser.Decide(EngineChoice.Auto, new TranslatorSupport(translates, "Found."), s_old);

        Assert.Equal(expected, decision.Engine);
        Assert.EndsWith(reason, decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_engine_lacks_is_said_to_who_asks_for_it_and_by_the_doctor()
    {
        var translator = new TranslatorSupport(true, "Found.");

        var refusal = Assert.Throws<MachineSetupException>(() => EngineChooser.Decide(EngineChoice.Kvm, translator, s_old));
        var report = EngineChooser.Kvm(s_old, EngineChooser.Decide(EngineChoice.Auto, translator, s_old));

        Assert.Equal("The engine \"kvm\" does not work on this host. This is what happened. The kernel is old. Use \"--engine auto\".", refusal.Message);
        Assert.Equal(new EngineReport("kvm", true, false, "This is what happened. The kernel is old."), report);
    }

    [Fact]
    public void The_engine_says_why_it_does_not_take_a_device()
    {
        var refusal = Ringmaster.Cpu.Kvm.KvmEngine.FindRefusal("/dev/null");

        Assert.StartsWith("/dev/null cannot be used: ", refusal, StringComparison.Ordinal);
    }

    private static readonly KvmSupport s_old = new(new KvmProbeResult(KvmProbeStep.Works, "This is what happened."), "The kernel is old.");

    private static KvmSupport Kvm(KvmProbeStep step) => new(new KvmProbeResult(step, "This is what happened."), null);
}
