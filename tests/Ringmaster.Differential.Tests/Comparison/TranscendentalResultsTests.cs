using Iced.Intel;
using Ringmaster.Cpu.State;
using Ringmaster.Differential.Tests.Cases;

namespace Ringmaster.Differential.Tests.Comparison;

public sealed class TranscendentalResultsTests
{
    [Theory]
    [InlineData(0x3FFF, 0x8000_0000_0000_0001UL, 0x3FFF, 0x8000_0000_0000_0001UL, true)]
    [InlineData(0x3FFF, 0x8000_0000_0000_0001UL, 0x3FFF, 0x8000_0000_0000_0002UL, true)]
    [InlineData(0x3FFF, 0x8000_0000_0000_0001UL, 0x3FFF, 0x8000_0000_0000_0003UL, false)]
    [InlineData(0x3FFE, 0xFFFF_FFFF_FFFF_FFFFUL, 0x3FFF, 0x8000_0000_0000_0000UL, true)]
    [InlineData(0x3FFF, 0x8000_0000_0000_0001UL, 0xBFFF, 0x8000_0000_0000_0001UL, false)]
    [InlineData(0x0000, 0x0000_0000_0000_0000UL, 0x8000, 0x0000_0000_0000_0000UL, false)]
    [InlineData(0x7FFE, 0xFFFF_FFFF_FFFF_FFFFUL, 0x7FFF, 0x8000_0000_0000_0000UL, false)]
    [InlineData(0x7FFF, 0xC000_0000_0000_0000UL, 0x7FFF, 0xC000_0000_0000_0001UL, false)]
    public void Neighbours_differ_by_one_unit_in_the_last_place(ushort leftTop, ulong left, ushort rightTop, ulong right, bool expected) =>
        Assert.Equal(expected, TranscendentalResults.AreNeighbours(new FloatRegister(left, leftTop), new FloatRegister(right, rightTop)));

    [Theory]
    [InlineData(Code.Fsin, 0x1002, 1)]
    [InlineData(Code.Fsin, 0x1003, 1)]
    [InlineData(Code.Fptan, 0x1002, 2)]
    [InlineData(Code.Fsqrt, 0x1002, 0)]
    [InlineData(Code.Fsin, 0x1000, 0)]
    public void Only_results_of_a_transcendental_that_was_executed_are_inaccurate(Code code, ulong rip, int expected)
    {
        var test = new TestCase { Instructions = [new CaseInstruction(Instruction.Create(code))] };

        Assert.Equal(expected, TranscendentalResults.CountOf(test, rip, end: 0x1002));
    }
}
