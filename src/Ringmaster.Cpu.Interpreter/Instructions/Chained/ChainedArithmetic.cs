using System.Numerics;
using System.Runtime.CompilerServices;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions.Integer;

namespace Ringmaster.Cpu.Interpreter.Instructions.Chained;

/// <summary>ADD, OR, ADC, SBB, AND, SUB, XOR, CMP and TEST with operands of 8, 32 and 64 bits.</summary>
internal static unsafe class ChainedArithmetic
{
    public static void Register(ChainTable table)
    {
        Enter<Add>(table, Code.Add_rm8_r8, 0);
        Enter<Or>(table, Code.Or_rm8_r8, 1);
        Enter<AddWithCarry>(table, Code.Adc_rm8_r8, 2);
        Enter<SubtractWithBorrow>(table, Code.Sbb_rm8_r8, 3);
        Enter<And>(table, Code.And_rm8_r8, 4);
        Enter<Subtract>(table, Code.Sub_rm8_r8, 5);
        Enter<Xor>(table, Code.Xor_rm8_r8, 6);
        Enter<Compare>(table, Code.Cmp_rm8_r8, 7);
        EnterTest<byte>(table, Code.Test_rm8_r8, Code.Test_AL_imm8, Code.Test_rm8_imm8);
        EnterTest<uint>(table, Code.Test_rm32_r32, Code.Test_EAX_imm32, Code.Test_rm32_imm32);
        EnterTest<ulong>(table, Code.Test_rm64_r64, Code.Test_RAX_imm32, Code.Test_rm64_imm32);
    }

    private static void Enter<TOperation>(ChainTable table, Code first, int group) where TOperation : struct, IBinaryOperation
    {
        EnterWidth<TOperation, byte>(table, first, Code.Add_rm8_imm8 + group, Code.INVALID);
        EnterWidth<TOperation, uint>(table, first + 2, Code.Add_rm32_imm32 + group * 3, Code.Add_rm32_imm8 + group * 3);
        EnterWidth<TOperation, ulong>(table, first + 3, Code.Add_rm64_imm32 + group * 3, Code.Add_rm64_imm8 + group * 3);
    }

    /// <param name="table">Where it goes.</param>
    /// <param name="toAny">The form r/m, r; r, r/m is four codes on, and the accumulator with an immediate eight.</param>
    /// <param name="immediate">The form r/m, immediate.</param>
    /// <param name="shortImmediate">That with a byte which is sign-extended.</param>
    private static void EnterWidth<TOperation, T>(ChainTable table, Code toAny, Code immediate, Code shortImmediate)
        where TOperation : struct, IBinaryOperation where T : unmanaged, IBinaryInteger<T>
    {
        table.Add(toAny, &RegReg<TOperation, T>);
        table.Add(toAny, &MemReg<TOperation, Based, T>, &MemReg<TOperation, Indexed, T>);
        table.Add(toAny + 4, &RegReg<TOperation, T>);
        table.Add(toAny + 4, &RegMem<TOperation, Based, T>, &RegMem<TOperation, Indexed, T>);
        table.Add(toAny + 8, &RegImm<TOperation, T>);
        EnterImmediate<TOperation, T>(table, immediate);
        if (shortImmediate != Code.INVALID)
            EnterImmediate<TOperation, T>(table, shortImmediate);
    }

    private static void EnterTest<T>(ChainTable table, Code registers, Code accumulator, Code immediate) where T : unmanaged, IBinaryInteger<T>
    {
        table.Add(registers, &RegReg<Test, T>);
        table.Add(registers, &MemReg<Test, Based, T>, &MemReg<Test, Indexed, T>);
        table.Add(accumulator, &RegImm<Test, T>);
        EnterImmediate<Test, T>(table, immediate);
    }

    private static void EnterImmediate<TOperation, T>(ChainTable table, Code code)
        where TOperation : struct, IBinaryOperation where T : unmanaged, IBinaryInteger<T>
    {
        table.Add(code, &RegImm<TOperation, T>);
        table.Add(code, &MemImm<TOperation, Based, T>, &MemImm<TOperation, Indexed, T>);
    }

    private static Status RegReg<TOperation, T>(Op* op, CpuFile* file, Vcpu cpu)
        where TOperation : struct, IBinaryOperation where T : unmanaged, IBinaryInteger<T>
    {
        ToRegister<TOperation, T>(op, file, file->Reg<T>(op->Reg1));
        return Chain.Next(op, file, cpu);
    }

    private static Status RegImm<TOperation, T>(Op* op, CpuFile* file, Vcpu cpu)
        where TOperation : struct, IBinaryOperation where T : unmanaged, IBinaryInteger<T>
    {
        ToRegister<TOperation, T>(op, file, *(T*)&op->Immediate);
        return Chain.Next(op, file, cpu);
    }

    private static Status RegMem<TOperation, TAddress, T>(Op* op, CpuFile* file, Vcpu cpu)
        where TOperation : struct, IBinaryOperation where TAddress : struct, IAddress where T : unmanaged, IBinaryInteger<T>
    {
        if (!cpu.MayLoad<T>(TAddress.Linear(op, file), out var host))
            return Chain.Plain(op, file, cpu);
        ToRegister<TOperation, T>(op, file, Unsafe.ReadUnaligned<T>(host));
        return Chain.Next(op, file, cpu);
    }

    private static Status MemReg<TOperation, TAddress, T>(Op* op, CpuFile* file, Vcpu cpu)
        where TOperation : struct, IBinaryOperation where TAddress : struct, IAddress where T : unmanaged, IBinaryInteger<T>
    {
        var linear = TAddress.Linear(op, file);
        if (!MayAccess<TOperation, T>(cpu, linear, out var host))
            return Chain.Plain(op, file, cpu);
        ToMemory<TOperation, T>(file, host, file->Reg<T>(op->Reg1));
        return Chain.Next(op, file, cpu);
    }

    private static Status MemImm<TOperation, TAddress, T>(Op* op, CpuFile* file, Vcpu cpu)
        where TOperation : struct, IBinaryOperation where TAddress : struct, IAddress where T : unmanaged, IBinaryInteger<T>
    {
        var linear = TAddress.Linear(op, file);
        if (!MayAccess<TOperation, T>(cpu, linear, out var host))
            return Chain.Plain(op, file, cpu);
        ToMemory<TOperation, T>(file, host, *(T*)&op->Immediate);
        return Chain.Next(op, file, cpu);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool MayAccess<TOperation, T>(Vcpu cpu, ulong linear, out T* host) where TOperation : struct, IBinaryOperation where T : unmanaged =>
        TOperation.Stores ? cpu.MayUpdate(linear, out host) : cpu.MayLoad(linear, out host);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ToRegister<TOperation, T>(Op* op, CpuFile* file, T right)
        where TOperation : struct, IBinaryOperation where T : unmanaged, IBinaryInteger<T>
    {
        var left = file->Reg<T>(op->Reg0);
        var result = TOperation.Compute(left, right, TOperation.UsesCarry && file->CF);
        if (TOperation.Stores)
            file->SetReg(op->Reg0, result);
        TOperation.SetFlags(file, left, right, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ToMemory<TOperation, T>(CpuFile* file, T* host, T right)
        where TOperation : struct, IBinaryOperation where T : unmanaged, IBinaryInteger<T>
    {
        var left = Unsafe.ReadUnaligned<T>(host);
        var result = TOperation.Compute(left, right, TOperation.UsesCarry && file->CF);
        if (TOperation.Stores)
            Unsafe.WriteUnaligned(host, result);
        TOperation.SetFlags(file, left, right, result);
    }
}
