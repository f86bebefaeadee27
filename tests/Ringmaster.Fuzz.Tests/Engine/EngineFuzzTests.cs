using Ringmaster.Cpu.Exits;
using Xunit.Abstractions;

namespace Ringmaster.Fuzz.Tests.Engine;

public sealed class EngineFuzzTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("interpreter", false)]
    [InlineData("interpreter", true)]
    [InlineData("translator", false)]
    [InlineData("translator", true)]
    public void No_guest_breaks_the_engine(string engine, bool coherent)
    {
        var seed = FuzzTime.FirstSeed(1);
        output.WriteLine($"first seed {seed:x16}");
        using var fuzz = new EngineFuzz(FuzzEngine.Create(engine));
        var time = new FuzzTime(5);
        var cases = 0;

        for (; !time.IsOver; cases++)
            fuzz.Run(seed++, coherent);

        output.WriteLine($"{cases} cases, {fuzz.Exits} exits, {fuzz.Instructions} instructions, {fuzz.Models} models; "
            + string.Join(", ", fuzz.Ends.Select(e => $"{e.Key} {e.Value}")));
        Assert.True(fuzz.Instructions > cases, "the guests must get somewhere");
        Assert.Contains(VmExitKind.Shutdown, fuzz.Ends.Keys);
        Assert.Contains(VmExitKind.Kicked, fuzz.Ends.Keys);
    }
}
