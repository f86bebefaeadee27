using System.Globalization;
using Ringmaster.Cpu.Interpreter;
using Ringmaster.Differential.Tests.Reduction;
using Xunit.Abstractions;

namespace Ringmaster.Differential.Tests;

/// <summary>
/// Random user-mode sequences end in the interpreter as they do on the host CPU: registers, flags, x87 and vector state,
/// memory, and what the exception says that ends them.
/// </summary>
/// <remarks>
/// RINGMASTER_DIFFERENTIAL_COUNT sets how many sequences are run, RINGMASTER_DIFFERENTIAL_SEED which,
/// RINGMASTER_DIFFERENTIAL_CASE runs a single one of them again.
/// </remarks>
public sealed class InterpreterAgainstHostTests(ITestOutputHelper output)
{
    private const long Count = 100_000, LongCount = 10_000_000;
    private const ulong DefaultSeed = 20_260_101;

    [OracleFact]
    public void Random_sequences_end_as_on_the_host()
    {
        var seed = ReadNumber("SEED") is { } chosen ? (ulong)chosen : DefaultSeed;
        var isLong = Environment.GetEnvironmentVariable("RINGMASTER_LONG_TESTS") == "1";
        var only = ReadNumber("CASE");
        var count = only is not null ? 1 : ReadNumber("COUNT") ?? (isLong ? LongCount : Count);
        var run = new DifferentialRun(() => Environment.GetEnvironmentVariable("ENGINE") == "t" ? new Ringmaster.Cpu.Translator.TranslatorEngine(new() { Threshold = 0 }) : new InterpreterEngine(), seed);

        run.Run(only ?? 0, count, only);

        output.WriteLine($"{run.Compared} compared, {run.Dropped} dropped, {run.Disturbed} disturbed, {run.Failures} differ; {run.CodeCount} instruction codes; ended by "
            + string.Join(", ", run.Vectors.Select((c, v) => (c, v)).Where(p => p.c > 0).Select(p => $"{p.v}: {p.c}")));
        Assert.True(run.Failures == 0, $"{run.Failures} sequences differ:\n{string.Join('\n', run.Reports)}");
        Assert.True(only is not null || run.Dropped < run.Compared / 20, $"{run.Dropped} sequences could not be compared");
    }

    private static long? ReadNumber(string name) =>
        Environment.GetEnvironmentVariable($"RINGMASTER_DIFFERENTIAL_{name}") is { Length: > 0 } text
            ? long.Parse(text, CultureInfo.InvariantCulture) : null;
}
