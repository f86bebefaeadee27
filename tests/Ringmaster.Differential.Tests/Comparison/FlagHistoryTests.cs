using Iced.Intel;
using Ringmaster.Differential.Tests.Cases;

namespace Ringmaster.Differential.Tests.Comparison;

public sealed class FlagHistoryTests
{
    private static readonly CaseInstruction s_return = new(Instruction.Create(Code.Retnq));
    private static readonly CaseInstruction s_multiply = new(Instruction.Create(Code.Imul_r32_rm32, Register.EAX, Register.ECX));

    [Fact]
    public void What_a_subroutine_leaves_undefined_is_undefined_after_its_call()
    {
        var history = new FlagHistory();

        Assert.True(history.TryFollow([Call(2), new(Instruction.Create(Code.Nopd)), s_multiply, s_return]));

        Assert.Equal(StatusFlags.None, history.Before[0]);
        Assert.Equal(StatusFlags.SF | StatusFlags.ZF | StatusFlags.AF | StatusFlags.PF, history.Before[1]);
    }

    [Fact]
    public void A_flag_that_a_subroutine_leaves_undefined_must_not_be_read_after_its_call()
    {
        var branch = new CaseInstruction(Instruction.CreateBranch(Code.Je_rel8_64, 0), Target: 3);

        Assert.False(new FlagHistory().TryFollow([Call(2), branch, s_multiply, s_return]));
        Assert.True(new FlagHistory().TryFollow([Call(2), branch, s_return, s_multiply]));
    }

    private static CaseInstruction Call(int target) => new(Instruction.CreateBranch(Code.Call_rel32_64, 0), target);
}
