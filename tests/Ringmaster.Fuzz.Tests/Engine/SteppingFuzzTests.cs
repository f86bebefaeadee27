using Ringmaster.Cpu.Interpreter;
using Xunit.Abstractions;

namespace Ringmaster.Fuzz.Tests.Engine;

/// <summary>Cached, linked and self-modified code must do what the same code does one instruction at a time.</summary>
public sealed class SteppingFuzzTests(ITestOutputHelper output)
{
    [Fact]
    public void Blocks_do_what_single_steps_do()
    {
        var seed = FuzzTime.FirstSeed(1);
        output.WriteLine($"first seed {seed:x16}");
        using var engine = new InterpreterEngine();
        var cpuid = FuzzCpu.All(engine)[^1];
        using var whole = new SteppedRun(engine, cpuid, isStepped: false);
        using var stepped = new SteppedRun(engine, cpuid, isStepped: true);
        using var watchdog = new Watchdog(TimeSpan.FromMilliseconds(20), () =>
        {
            whole.Kick();
            stepped.Kick();
        });
        var time = new FuzzTime(5);
        var (cases, compared) = (0, 0);

        for (; !time.IsOver; cases++, seed++)
        {
            watchdog.Begin($"stepping seed {seed:x16}");
            var isComparable = whole.Run(seed);
            watchdog.End();
            if (!isComparable)
                continue;
            watchdog.Begin($"stepping seed {seed:x16}");
            isComparable = stepped.Run(seed);
            watchdog.End();
            if (!isComparable)
                continue;
            compared++;
            foreach (var (a, b) in whole.Record.Zip(stepped.Record))
                Assert.True(a == b, $"stepping seed {seed:x16}: {a} in blocks, {b} in steps");
            Assert.True(whole.Difference(stepped) is not { } address, $"stepping seed {seed:x16}: RAM differs at {whole.Difference(stepped):x}");
        }

        output.WriteLine($"{cases} cases, {compared} compared");
        Assert.True(compared > cases / 2, $"only {compared} of {cases} cases came to an end");
    }
}
