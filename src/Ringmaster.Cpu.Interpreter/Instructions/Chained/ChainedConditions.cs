using System.Runtime.CompilerServices;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions.Integer;

namespace Ringmaster.Cpu.Interpreter.Instructions.Chained;

/// <summary>Jcc of 64-bit mode, SETcc to registers, and CMOVcc between registers.</summary>
internal static unsafe class ChainedConditions
{
    public static void Register(ChainTable table)
    {
        Pair<IfOverflow>(table, 0);
        Pair<IfBelow>(table, 1);
        Pair<IfEqual>(table, 2);
        Pair<IfBelowOrEqual>(table, 3);
        Pair<IfSign>(table, 4);
        Pair<IfParity>(table, 5);
        Pair<IfLess>(table, 6);
        Pair<IfLessOrEqual>(table, 7);
    }

    private static void Pair<TCondition>(ChainTable table, int index) where TCondition : struct, ICondition
    {
        Enter<TCondition>(table, index * 2);
        Enter<Unless<TCondition>>(table, index * 2 + 1);
    }

    private static void Enter<TCondition>(ChainTable table, int index) where TCondition : struct, ICondition
    {
        table.Whole.Add(Code.Jo_rel8_64 + index * 3, &Jump<TCondition>);
        table.Whole.Add(Code.Jo_rel32_64 + index * 3, &Jump<TCondition>);
        table.Whole.Add(Code.Seto_rm8 + index, &Set<TCondition>);
        table.Whole.Add(Code.Cmovo_r32_rm32 + index * 3, &Move<TCondition, uint>);
        table.Whole.Add(Code.Cmovo_r64_rm64 + index * 3, &Move<TCondition, ulong>);
    }

    private static Status Jump<TCondition>(Op* op, CpuFile* file) where TCondition : struct, ICondition =>
        TCondition.Holds(file) ? ChainedBranches.Jump(op, file) : ChainedBranches.FallThrough(op, file);

    private static Status Set<TCondition>(Op* op, CpuFile* file) where TCondition : struct, ICondition
    {
        file->SetReg(op->Reg0, Unsafe.BitCast<bool, byte>(TCondition.Holds(file)));
        return Chain.Next(op, file);
    }

    private static Status Move<TCondition, T>(Op* op, CpuFile* file) where TCondition : struct, ICondition where T : unmanaged
    {
        // With a 32-bit operand the upper half is cleared even when nothing moves (SDM 2A CMOVcc).
        file->SetReg(op->Reg0, file->Reg<T>(TCondition.Holds(file) ? op->Reg1 : op->Reg0));
        return Chain.Next(op, file);
    }
}
