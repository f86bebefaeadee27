using Ringmaster.Bench.Guests;

namespace Ringmaster.Bench.Tests.Guests;

public sealed class PlannedProgramTests
{
    [Fact]
    public void Copies_are_an_argument_only_if_there_are_any()
    {
        Assert.Equal(["fib", "0.3"], new PlannedProgram("fib", 0.3).Arguments);
        Assert.Equal(["fib", "0.3", "2"], new PlannedProgram("fib", 0.3, 2).Arguments);
    }
}
