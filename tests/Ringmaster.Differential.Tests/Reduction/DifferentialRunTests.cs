using Ringmaster.Cpu.Interpreter;

namespace Ringmaster.Differential.Tests.Reduction;

public sealed class DifferentialRunTests
{
    [OracleFact]
    public void A_wrong_register_is_found_reduced_and_reported()
    {
        var run = new DifferentialRun(() => new WrongEngine(new InterpreterEngine(), s => s.Registers[3] ^= 4), seed: 1);

        run.Run(0, 1, only: 3);

        var report = Assert.Single(run.Reports);
        Assert.Equal(1, run.Failures);
        Assert.Contains("RBX: host", report, StringComparison.Ordinal);
        Assert.Single(report.Split('\n'), line => line.StartsWith("    6", StringComparison.Ordinal));
    }

    [OracleFact]
    public void A_wrong_vector_lane_is_found()
    {
        var run = new DifferentialRun(() => new WrongEngine(new InterpreterEngine(), s => s.Fpu.Vectors[5][3]++), seed: 1);

        run.Run(0, 1, only: 4);

        Assert.Contains("YMM5 upper half", Assert.Single(run.Reports), StringComparison.Ordinal);
    }

    [OracleFact]
    public void The_same_seed_makes_the_same_cases()
    {
        var first = new DifferentialRun(() => new InterpreterEngine(), seed: 5);
        var second = new DifferentialRun(() => new InterpreterEngine(), seed: 5);

        first.Run(0, 512);
        second.Run(0, 512);

        Assert.Equal(first.Vectors, second.Vectors);
        Assert.Equal(first.Compared, second.Compared);
    }
}
