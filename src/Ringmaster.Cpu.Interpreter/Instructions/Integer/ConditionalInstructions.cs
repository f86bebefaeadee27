using System.Numerics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Integer;

/// <summary>Jcc, SETcc and CMOVcc.</summary>
internal static unsafe class ConditionalInstructions
{
    public static void Register(HandlerTable table)
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

    private static void Pair<TCondition>(HandlerTable table, int index) where TCondition : struct, ICondition
    {
        Enter<TCondition>(table, index * 2);
        Enter<Unless<TCondition>>(table, index * 2 + 1);
    }

    private static void Enter<TCondition>(HandlerTable table, int index) where TCondition : struct, ICondition
    {
        foreach (var first in (ReadOnlySpan<Code>)[Code.Jo_rel8_16, Code.Jo_rel16])
        {
            table.Add(first + index * 3, &Jump16<TCondition>);
            table.Add(first + index * 3 + 1, &Jump32<TCondition>);
            table.Add(first + index * 3 + 2, &Jump64<TCondition>);
        }
        table.Add(Code.Seto_rm8 + index, &SetReg<TCondition>, &SetMem<TCondition>);
        table.Add(Code.Cmovo_r16_rm16 + index * 3, &MoveReg<TCondition, ushort>, &MoveMem<TCondition, ushort>);
        table.Add(Code.Cmovo_r32_rm32 + index * 3, &MoveReg<TCondition, uint>, &MoveMem<TCondition, uint>);
        table.Add(Code.Cmovo_r64_rm64 + index * 3, &MoveReg<TCondition, ulong>, &MoveMem<TCondition, ulong>);
    }

    private static Status Jump16<TCondition>(Vcpu cpu, Op* op) where TCondition : struct, ICondition =>
        TCondition.Holds(cpu.Registers) ? cpu.JumpNear16(op, op->Immediate) : cpu.FallThrough(op);

    private static Status Jump32<TCondition>(Vcpu cpu, Op* op) where TCondition : struct, ICondition =>
        TCondition.Holds(cpu.Registers) ? cpu.JumpNear32(op, op->Immediate) : cpu.FallThrough(op);

    private static Status Jump64<TCondition>(Vcpu cpu, Op* op) where TCondition : struct, ICondition =>
        TCondition.Holds(cpu.Registers) ? cpu.JumpNear64(op, op->Immediate) : cpu.FallThrough(op);

    private static Status SetReg<TCondition>(Vcpu cpu, Op* op) where TCondition : struct, ICondition
    {
        cpu.SetReg(op->Reg0, TCondition.Holds(cpu.Registers) ? (byte)1 : (byte)0);
        return Status.Next;
    }

    private static Status SetMem<TCondition>(Vcpu cpu, Op* op) where TCondition : struct, ICondition =>
        cpu.Write(op, TCondition.Holds(cpu.Registers) ? (byte)1 : (byte)0) ? Status.Next : cpu.FaultOrExit;

    private static Status MoveReg<TCondition, T>(Vcpu cpu, Op* op)
        where TCondition : struct, ICondition where T : unmanaged, IBinaryInteger<T>
    {
        // With a 32-bit operand the upper half is cleared even when nothing moves (SDM 2A CMOVcc).
        cpu.SetReg(op->Reg0, TCondition.Holds(cpu.Registers) ? cpu.Reg<T>(op->Reg1) : cpu.Reg<T>(op->Reg0));
        return Status.Next;
    }

    private static Status MoveMem<TCondition, T>(Vcpu cpu, Op* op)
        where TCondition : struct, ICondition where T : unmanaged, IBinaryInteger<T>
    {
        if (!cpu.Read(op, out T value))
            return cpu.FaultOrExit;
        cpu.SetReg(op->Reg0, TCondition.Holds(cpu.Registers) ? value : cpu.Reg<T>(op->Reg0));
        return Status.Next;
    }
}
