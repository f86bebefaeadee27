using System.Numerics;
using System.Runtime.CompilerServices;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Chained;

/// <summary>INC, DEC, NEG and NOT of registers, INC and DEC of memory.</summary>
internal static unsafe class ChainedSteps
{
    public static void Register(ChainTable table)
    {
        Enter<uint>(table, Code.Inc_rm32, Code.Dec_rm32, Code.Neg_rm32, Code.Not_rm32);
        Enter<ulong>(table, Code.Inc_rm64, Code.Dec_rm64, Code.Neg_rm64, Code.Not_rm64);
    }

    private static void Enter<T>(ChainTable table, Code increment, Code decrement, Code negate, Code not) where T : unmanaged, IBinaryInteger<T>
    {
        table.Whole.Add(increment, &Increment<T>);
        table.Whole.Add(increment, &IncrementMem<Based, T>, &IncrementMem<Indexed, T>);
        table.Whole.Add(decrement, &Decrement<T>);
        table.Whole.Add(decrement, &DecrementMem<Based, T>, &DecrementMem<Indexed, T>);
        table.Whole.Add(negate, &Negate<T>);
        table.Whole.Add(not, &Not<T>);
        table.SetEffect(negate, FlagEffect.Replaces);
        table.SetEffect(not, FlagEffect.Ignores);
    }

    private static Status Increment<T>(Op* op, CpuFile* file) where T : unmanaged, IBinaryInteger<T>
    {
        var value = file->Reg<T>(op->Reg0);
        file->SetReg(op->Reg0, value + T.One);
        file->SetFlagsButCarry(value, T.One, value + T.One, subtract: false);
        return Chain.Next(op, file);
    }

    private static Status Decrement<T>(Op* op, CpuFile* file) where T : unmanaged, IBinaryInteger<T>
    {
        var value = file->Reg<T>(op->Reg0);
        file->SetReg(op->Reg0, value - T.One);
        file->SetFlagsButCarry(value, T.One, value - T.One, subtract: true);
        return Chain.Next(op, file);
    }

    private static Status IncrementMem<TAddress, T>(Op* op, CpuFile* file)
        where TAddress : struct, IAddress where T : unmanaged, IBinaryInteger<T>
    {
        var linear = TAddress.Linear(op, file);
        if (!file->MayUpdate<T>(linear, out var addend))
            return Chain.Plain(op, file);
        var value = CpuFile.Load<T>(linear, addend);
        CpuFile.Store(linear, addend, value + T.One);
        file->SetFlagsButCarry(value, T.One, value + T.One, subtract: false);
        return Chain.Next(op, file);
    }

    private static Status DecrementMem<TAddress, T>(Op* op, CpuFile* file)
        where TAddress : struct, IAddress where T : unmanaged, IBinaryInteger<T>
    {
        var linear = TAddress.Linear(op, file);
        if (!file->MayUpdate<T>(linear, out var addend))
            return Chain.Plain(op, file);
        var value = CpuFile.Load<T>(linear, addend);
        CpuFile.Store(linear, addend, value - T.One);
        file->SetFlagsButCarry(value, T.One, value - T.One, subtract: true);
        return Chain.Next(op, file);
    }

    private static Status Negate<T>(Op* op, CpuFile* file) where T : unmanaged, IBinaryInteger<T>
    {
        var value = file->Reg<T>(op->Reg0);
        file->SetReg(op->Reg0, T.Zero - value);
        file->SetSubtractFlags(T.Zero, value, T.Zero - value);
        return Chain.Next(op, file);
    }

    private static Status Not<T>(Op* op, CpuFile* file) where T : unmanaged, IBinaryInteger<T>
    {
        file->SetReg(op->Reg0, ~file->Reg<T>(op->Reg0));
        return Chain.Next(op, file);
    }
}
