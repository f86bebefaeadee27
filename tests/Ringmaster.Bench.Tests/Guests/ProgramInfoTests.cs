using Ringmaster.Bench.Guests;

namespace Ringmaster.Bench.Tests.Guests;

public sealed class ProgramInfoTests
{
    [Fact]
    public void The_list_has_a_program_a_line() => Assert.Equal(
        [new ProgramInfo("fib", "integer", "call", "recursive numbers"), new ProgramInfo("clock", "calibration", "cycle", "additions")],
        ProgramInfo.ParseList("fib\tinteger\tcall\trecursive numbers\nclock\tcalibration\tcycle\tadditions\n"));

    [Fact]
    public void A_line_of_another_shape_is_no_program() => Assert.Throws<FormatException>(() => ProgramInfo.ParseList("fib integer"));
}
