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
        EnterWidths<TOperation>(table.Whole, first, group);
        EnterWidths<Silent<TOperation>>(table.Silent, first, group);
        // What takes the carry into account sees the flags.
        if (TOperation.UsesCarry)
            return;
        for (var form = 0; form <= 11; form++)
            table.SetEffect(first + form, FlagEffect.Replaces);
        table.SetEffect(Code.Add_rm8_imm8 + group, FlagEffect.Replaces);
        for (var width = 0; width < 3; width++)
        {
            table.SetEffect(Code.Add_rm16_imm16 + group * 3 + width, FlagEffect.Replaces);
            table.SetEffect(Code.Add_rm16_imm8 + group * 3 + width, FlagEffect.Replaces);
        }
    }

    private static void EnterWidths<TOperation>(ChainForms forms, Code first, int group) where TOperation : struct, IBinaryOperation
    {
        EnterWidth<TOperation, byte>(forms, first, Code.Add_rm8_imm8 + group, Code.INVALID);
        EnterWidth<TOperation, uint>(forms, first + 2, Code.Add_rm32_imm32 + group * 3, Code.Add_rm32_imm8 + group * 3);
        EnterWidth<TOperation, ulong>(forms, first + 3, Code.Add_rm64_imm32 + group * 3, Code.Add_rm64_imm8 + group * 3);
    }

    /// <param name="forms">Where it goes.</param>
    /// <param name="toAny">The form r/m, r; r, r/m is four codes on, and the accumulator with an immediate eight.</param>
    /// <param name="immediate">The form r/m, immediate.</param>
    /// <param name="shortImmediate">That with a byte which is sign-extended.</param>
    private static void EnterWidth<TOperation, T>(ChainForms forms, Code toAny, Code immediate, Code shortImmediate)
        where TOperation : struct, IBinaryOperation where T : unmanaged, IBinaryInteger<T>
    {
        forms.Add(toAny, &RegReg<TOperation, T>);
        forms.Add(toAny, &MemReg<TOperation, Based, T>, &MemReg<TOperation, Indexed, T>);
        forms.Add(toAny + 4, &RegReg<TOperation, T>);
        forms.Add(toAny + 4, &RegMem<TOperation, Based, T>, &RegMem<TOperation, Indexed, T>);
        forms.Add(toAny + 8, &RegImm<TOperation, T>);
        EnterImmediate<TOperation, T>(forms, immediate);
        if (shortImmediate != Code.INVALID)
            EnterImmediate<TOperation, T>(forms, shortImmediate);
    }

    private static void EnterTest<T>(ChainTable table, Code registers, Code accumulator, Code immediate) where T : unmanaged, IBinaryInteger<T>
    {
        table.Whole.Add(registers, &RegReg<Test, T>);
        table.Whole.Add(registers, &MemReg<Test, Based, T>, &MemReg<Test, Indexed, T>);
        table.Whole.Add(accumulator, &RegImm<Test, T>);
        EnterImmediate<Test, T>(table.Whole, immediate);
        foreach (var code in (ReadOnlySpan<Code>)[registers, accumulator, immediate])
            table.SetEffect(code, FlagEffect.Replaces);
    }

    private static void EnterImmediate<TOperation, T>(ChainForms forms, Code code)
        where TOperation : struct, IBinaryOperation where T : unmanaged, IBinaryInteger<T>
    {
        forms.Add(code, &RegImm<TOperation, T>);
        forms.Add(code, &MemImm<TOperation, Based, T>, &MemImm<TOperation, Indexed, T>);
    }

    private static Status RegReg<TOperation, T>(Op* op, CpuFile* file)
        where TOperation : struct, IBinaryOperation where T : unmanaged, IBinaryInteger<T>
    {
        ToRegister<TOperation, T>(op, file, file->Reg<T>(op->Reg1));
        return Chain.Next(op, file);
    }

    private static Status RegImm<TOperation, T>(Op* op, CpuFile* file)
        where TOperation : struct, IBinaryOperation where T : unmanaged, IBinaryInteger<T>
    {
        ToRegister<TOperation, T>(op, file, *(T*)&op->Immediate);
        return Chain.Next(op, file);
    }

    private static Status RegMem<TOperation, TAddress, T>(Op* op, CpuFile* file)
        where TOperation : struct, IBinaryOperation where TAddress : struct, IAddress where T : unmanaged, IBinaryInteger<T>
    {
        var linear = TAddress.Linear(op, file);
        if (!file->MayLoad<T>(linear, out var addend))
            return Chain.Plain(op, file);
        ToRegister<TOperation, T>(op, file, CpuFile.Load<T>(linear, addend));
        return Chain.Next(op, file);
    }

    private static Status MemReg<TOperation, TAddress, T>(Op* op, CpuFile* file)
        where TOperation : struct, IBinaryOperation where TAddress : struct, IAddress where T : unmanaged, IBinaryInteger<T>
    {
        var linear = TAddress.Linear(op, file);
        if (!MayAccess<TOperation, T>(file, linear, out var addend))
            return Chain.Plain(op, file);
        ToMemory<TOperation, T>(file, linear, addend, file->Reg<T>(op->Reg1));
        return Chain.Next(op, file);
    }

    private static Status MemImm<TOperation, TAddress, T>(Op* op, CpuFile* file)
        where TOperation : struct, IBinaryOperation where TAddress : struct, IAddress where T : unmanaged, IBinaryInteger<T>
    {
        var linear = TAddress.Linear(op, file);
        if (!MayAccess<TOperation, T>(file, linear, out var addend))
            return Chain.Plain(op, file);
        ToMemory<TOperation, T>(file, linear, addend, *(T*)&op->Immediate);
        return Chain.Next(op, file);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool MayAccess<TOperation, T>(CpuFile* file, ulong linear, out ulong addend)
        where TOperation : struct, IBinaryOperation where T : unmanaged =>
        TOperation.Stores ? file->MayUpdate<T>(linear, out addend) : file->MayLoad<T>(linear, out addend);

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
    private static void ToMemory<TOperation, T>(CpuFile* file, ulong linear, ulong addend, T right)
        where TOperation : struct, IBinaryOperation where T : unmanaged, IBinaryInteger<T>
    {
        var left = CpuFile.Load<T>(linear, addend);
        var result = TOperation.Compute(left, right, TOperation.UsesCarry && file->CF);
        if (TOperation.Stores)
            CpuFile.Store(linear, addend, result);
        TOperation.SetFlags(file, left, right, result);
    }
}
