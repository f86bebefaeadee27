using System.Numerics;
using System.Runtime.CompilerServices;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Integer;

/// <summary>ADD, OR, ADC, SBB, AND, SUB, XOR, CMP in all operand forms, and TEST.</summary>
internal static unsafe class BinaryInstructions
{
    public static void Register(HandlerTable table)
    {
        // Opcodes 00 to 3D, and the groups 80 to 83 in the same order.
        Enter<Add>(table, Code.Add_rm8_r8, 0);
        Enter<Or>(table, Code.Or_rm8_r8, 1);
        Enter<AddWithCarry>(table, Code.Adc_rm8_r8, 2);
        Enter<SubtractWithBorrow>(table, Code.Sbb_rm8_r8, 3);
        Enter<And>(table, Code.And_rm8_r8, 4);
        Enter<Subtract>(table, Code.Sub_rm8_r8, 5);
        Enter<Xor>(table, Code.Xor_rm8_r8, 6);
        Enter<Compare>(table, Code.Cmp_rm8_r8, 7);

        table.Add(Code.Test_rm8_r8, &RegReg<Test, byte>, &MemReg<Test, byte>);
        table.Add(Code.Test_rm16_r16, &RegReg<Test, ushort>, &MemReg<Test, ushort>);
        table.Add(Code.Test_rm32_r32, &RegReg<Test, uint>, &MemReg<Test, uint>);
        table.Add(Code.Test_rm64_r64, &RegReg<Test, ulong>, &MemReg<Test, ulong>);
        table.Add(Code.Test_AL_imm8, &RegImm<Test, byte>);
        table.Add(Code.Test_AX_imm16, &RegImm<Test, ushort>);
        table.Add(Code.Test_EAX_imm32, &RegImm<Test, uint>);
        table.Add(Code.Test_RAX_imm32, &RegImm<Test, ulong>);
        EnterImmediate<Test>(table, Code.Test_rm8_imm8, Code.Test_rm16_imm16);
        EnterImmediate<Test>(table, Code.Test_rm8_imm8_F6r1, Code.Test_rm16_imm16_F7r1);
    }

    private static void Enter<TOperation>(HandlerTable table, Code first, int group) where TOperation : struct, IBinaryOperation
    {
        table.Add(first, &RegReg<TOperation, byte>, &MemReg<TOperation, byte>);
        table.Add(first + 1, &RegReg<TOperation, ushort>, &MemReg<TOperation, ushort>);
        table.Add(first + 2, &RegReg<TOperation, uint>, &MemReg<TOperation, uint>);
        table.Add(first + 3, &RegReg<TOperation, ulong>, &MemReg<TOperation, ulong>);
        table.Add(first + 4, &RegReg<TOperation, byte>, &RegMem<TOperation, byte>);
        table.Add(first + 5, &RegReg<TOperation, ushort>, &RegMem<TOperation, ushort>);
        table.Add(first + 6, &RegReg<TOperation, uint>, &RegMem<TOperation, uint>);
        table.Add(first + 7, &RegReg<TOperation, ulong>, &RegMem<TOperation, ulong>);
        table.Add(first + 8, &RegImm<TOperation, byte>);
        table.Add(first + 9, &RegImm<TOperation, ushort>);
        table.Add(first + 10, &RegImm<TOperation, uint>);
        table.Add(first + 11, &RegImm<TOperation, ulong>);
        EnterImmediate<TOperation>(table, Code.Add_rm8_imm8 + group, Code.Add_rm16_imm16 + group * 3);
        table.Add(Code.Add_rm8_imm8_82 + group, &RegImm<TOperation, byte>, &MemImm<TOperation, byte>);
        table.Add(Code.Add_rm16_imm8 + group * 3, &RegImm<TOperation, ushort>, &MemImm<TOperation, ushort>);
        table.Add(Code.Add_rm32_imm8 + group * 3, &RegImm<TOperation, uint>, &MemImm<TOperation, uint>);
        table.Add(Code.Add_rm64_imm8 + group * 3, &RegImm<TOperation, ulong>, &MemImm<TOperation, ulong>);
    }

    private static void EnterImmediate<TOperation>(HandlerTable table, Code bytes, Code words) where TOperation : struct, IBinaryOperation
    {
        table.Add(bytes, &RegImm<TOperation, byte>, &MemImm<TOperation, byte>);
        table.Add(words, &RegImm<TOperation, ushort>, &MemImm<TOperation, ushort>);
        table.Add(words + 1, &RegImm<TOperation, uint>, &MemImm<TOperation, uint>);
        table.Add(words + 2, &RegImm<TOperation, ulong>, &MemImm<TOperation, ulong>);
    }

    private static Status RegReg<TOperation, T>(Vcpu cpu, Op* op)
        where TOperation : struct, IBinaryOperation where T : unmanaged, IBinaryInteger<T> =>
        ToRegister<TOperation, T>(cpu, op->Reg0, cpu.Reg<T>(op->Reg1));

    private static Status RegImm<TOperation, T>(Vcpu cpu, Op* op)
        where TOperation : struct, IBinaryOperation where T : unmanaged, IBinaryInteger<T> =>
        ToRegister<TOperation, T>(cpu, op->Reg0, T.CreateTruncating(op->Immediate));

    private static Status RegMem<TOperation, T>(Vcpu cpu, Op* op)
        where TOperation : struct, IBinaryOperation where T : unmanaged, IBinaryInteger<T> =>
        cpu.Read(op, out T right) ? ToRegister<TOperation, T>(cpu, op->Reg0, right) : cpu.FaultOrExit;

    private static Status MemReg<TOperation, T>(Vcpu cpu, Op* op)
        where TOperation : struct, IBinaryOperation where T : unmanaged, IBinaryInteger<T> =>
        ToMemory<TOperation, T>(cpu, op, cpu.Reg<T>(op->Reg1));

    private static Status MemImm<TOperation, T>(Vcpu cpu, Op* op)
        where TOperation : struct, IBinaryOperation where T : unmanaged, IBinaryInteger<T> =>
        ToMemory<TOperation, T>(cpu, op, T.CreateTruncating(op->Immediate));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Status ToRegister<TOperation, T>(Vcpu cpu, byte register, T right)
        where TOperation : struct, IBinaryOperation where T : unmanaged, IBinaryInteger<T>
    {
        var left = cpu.Reg<T>(register);
        var result = TOperation.Compute(left, right, TOperation.UsesCarry && cpu.CF);
        if (TOperation.Stores)
            cpu.SetReg(register, result);
        TOperation.SetFlags(cpu.Registers, left, right, result);
        return Status.Next;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Status ToMemory<TOperation, T>(Vcpu cpu, Op* op, T right)
        where TOperation : struct, IBinaryOperation where T : unmanaged, IBinaryInteger<T>
    {
        if (!TOperation.Stores)
        {
            if (!cpu.Read(op, out T value))
                return cpu.FaultOrExit;
            TOperation.SetFlags(cpu.Registers, value, right, TOperation.Compute(value, right, false));
            return Status.Next;
        }
        if (!cpu.BeginUpdate(op, out T left, out var target))
            return cpu.FaultOrExit;
        var carry = TOperation.UsesCarry && cpu.CF;
        var result = TOperation.Compute(left, right, carry);
        if (op->Is(OpFlags.Lock) && cpu.IsInRam(target))
        {
            while (!cpu.TryReplace(target, ref left, result))
                result = TOperation.Compute(left, right, carry);
        }
        else if (!cpu.FinishUpdate(target, result))
        {
            return cpu.FaultOrExit;
        }
        TOperation.SetFlags(cpu.Registers, left, right, result);
        return Status.Next;
    }
}
