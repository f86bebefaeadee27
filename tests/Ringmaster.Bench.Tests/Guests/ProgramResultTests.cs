using Ringmaster.Bench.Guests;

namespace Ringmaster.Bench.Tests.Guests;

public sealed class ProgramResultTests
{
    [Fact]
    public void A_result_has_a_name_a_time_and_a_checksum()
    {
        Assert.True(ProgramResult.TryParse("BENCH chase-8m 125.3902 ns/load c1932e9131e8532f", out var result));

        Assert.Equal(new ProgramResult("chase-8m", 125.3902, "c1932e9131e8532f"), result);
    }

    [Theory]
    [InlineData("")]
    [InlineData("BENCH fib")]
    [InlineData("BENCH fib fast ns/call b046")]
    [InlineData("BENCH fib 1.0 s/call b046")]
    [InlineData("[    1.0] BENCH fib 1.0 ns/call b046")]
    public void Other_lines_are_none(string line) => Assert.False(ProgramResult.TryParse(line, out _));
}
