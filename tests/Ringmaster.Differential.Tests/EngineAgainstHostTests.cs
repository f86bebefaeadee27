using System.Globalization;
using Ringmaster.Cpu;
using Ringmaster.Cpu.Interpreter;
using Ringmaster.Cpu.Translator;
using Ringmaster.Differential.Tests.Reduction;
using Xunit.Abstractions;

namespace Ringmaster.Differential.Tests;

/// <summary>
/// Random user-mode sequences end in an engine as they do on the host CPU: registers, flags, x87 and vector state, memory, and
/// what the exception says that ends them.
/// </summary>
/// <remarks>
/// RINGMASTER_DIFFERENTIAL_COUNT sets how many sequences are run, RINGMASTER_DIFFERENTIAL_SEED which,
/// RINGMASTER_DIFFERENTIAL_CASE runs a single one of them again.
/// </remarks>
public sealed class EngineAgainstHostTests(ITestOutputHelper output)
{
    private const long LongCount = 10_000_000;
    private const ulong DefaultSeed = 20_260_101;

    [OracleTheory]
    [InlineData("interpreter", 100_000)]
    [InlineData("translator", 50_000)]
    public void Random_sequences_end_as_on_the_host(string engine, long usualCount)
    {
        var seed = ReadNumber("SEED") is { } chosen ? (ulong)chosen : DefaultSeed;
        var isLong = Environment.GetEnvironmentVariable("RINGMASTER_LONG_TESTS") == "1";
        var only = ReadNumber("CASE");
        var count = only is not null ? 1 : ReadNumber("COUNT") ?? (isLong ? LongCount : usualCount);
        var run = new DifferentialRun(() => Create(engine), seed);

        run.Run(only ?? 0, count, only);

        output.WriteLine($"{run.Compared} compared, {run.Dropped} dropped, {run.Disturbed} disturbed, {run.Failures} differ; {run.CodeCount} instruction codes{run.Limits}; ended by "
            + string.Join(", ", run.Vectors.Select((c, v) => (c, v)).Where(p => p.c > 0).Select(p => $"{p.v}: {p.c}")));
        Assert.True(run.Failures == 0, $"{run.Failures} sequences differ:\n{string.Join('\n', run.Reports)}");
        Assert.True(only is not null || run.Dropped < run.Compared / 20, $"{run.Dropped} sequences could not be compared");
    }

    // The translator translates everything, also what is executed only once.
    private static IEngine Create(string engine) =>
        engine == "translator" ? new TranslatorEngine(new TranslatorOptions { Threshold = 0 }) : new InterpreterEngine();

    private static long? ReadNumber(string name) =>
        Environment.GetEnvironmentVariable($"RINGMASTER_DIFFERENTIAL_{name}") is { Length: > 0 } text
            ? long.Parse(text, CultureInfo.InvariantCulture) : null;
}
