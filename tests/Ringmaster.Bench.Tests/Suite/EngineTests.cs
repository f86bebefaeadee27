using Ringmaster.Bench.Suite;

namespace Ringmaster.Bench.Tests.Suite;

public sealed class EngineTests
{
    private static readonly EngineInfo[] s_there = [new("translator", true, "fast"), new("interpreter", true, "slow"), new("kvm", false, "no /dev/kvm")];

    [Fact]
    public void The_doctors_answer_is_understood() => Assert.Equal(
        [new EngineInfo("interpreter", true, "Carries out."), new EngineInfo("kvm", false, "Cannot.")],
        EngineInfo.ParseDoctor("""
            {"cpu": "x", "engines": [
              {"name": "interpreter", "hostSupports": true, "available": true, "explanation": "Carries out."},
              {"name": "kvm", "hostSupports": true, "available": false, "explanation": "Cannot."}]}
            """));

    [Fact]
    public void Without_a_wish_all_that_work_are_taken()
    {
        var outcome = new Outcome(1);

        Assert.Equal(["translator", "interpreter"], SettingFinder.Choose(null, s_there, outcome));
        Assert.Equal(new Skip("kvm", "no /dev/kvm"), Assert.Single(outcome.Skips));
    }

    [Fact]
    public void An_engine_that_is_absent_is_skipped_with_a_reason()
    {
        var outcome = new Outcome(1);

        Assert.Equal(["interpreter"], SettingFinder.Choose(["jit", "interpreter"], s_there, outcome));
        Assert.Equal("jit: this Ringmaster has no such engine; it has translator, interpreter, kvm.", Assert.Single(outcome.Skips).ToString());
    }
}
