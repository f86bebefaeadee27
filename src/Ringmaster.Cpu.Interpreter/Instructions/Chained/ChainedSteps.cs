using System.Numerics;
using System.Runtime.CompilerServices;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Chained;

/// <summary>INC, DEC, NEG, NOT of registers, INC and DEC of memory, and IMUL with a register result.</summary>
internal static unsafe class ChainedSteps
{
    public static void Register(ChainTable table)
    {
        Enter<uint>(table, Code.Inc_rm32, Code.Dec_rm32, Code.Neg_rm32, Code.Not_rm32);
        Enter<ulong>(table, Code.Inc_rm64, Code.Dec_rm64, Code.Neg_rm64, Code.Not_rm64);
        table.Add(Code.Imul_r64_rm64, &Multiply);
        table.Add(Code.Imul_r64_rm64_imm32, &MultiplyImmediate);
        table.Add(Code.Imul_r64_rm64_imm8, &MultiplyImmediate);
    }

    private static void Enter<T>(ChainTable table, Code increment, Code decrement, Code negate, Code not) where T : unmanaged, IBinaryInteger<T>
    {
        table.Add(increment, &Increment<T>);
        table.Add(increment, &IncrementMem<Based, T>, &IncrementMem<Indexed, T>);
        table.Add(decrement, &Decrement<T>);
        table.Add(decrement, &DecrementMem<Based, T>, &DecrementMem<Indexed, T>);
        table.Add(negate, &Negate<T>);
        table.Add(not, &Not<T>);
    }

    private static Status Increment<T>(Op* op, CpuFile* file, Vcpu cpu) where T : unmanaged, IBinaryInteger<T>
    {
        var value = file->Reg<T>(op->Reg0);
        file->SetReg(op->Reg0, value + T.One);
        file->SetFlagsButCarry(value, T.One, value + T.One, subtract: false);
        return Chain.Next(op, file, cpu);
    }

    private static Status Decrement<T>(Op* op, CpuFile* file, Vcpu cpu) where T : unmanaged, IBinaryInteger<T>
    {
        var value = file->Reg<T>(op->Reg0);
        file->SetReg(op->Reg0, value - T.One);
        file->SetFlagsButCarry(value, T.One, value - T.One, subtract: true);
        return Chain.Next(op, file, cpu);
    }

    private static Status IncrementMem<TAddress, T>(Op* op, CpuFile* file, Vcpu cpu)
        where TAddress : struct, IAddress where T : unmanaged, IBinaryInteger<T>
    {
        if (!cpu.MayUpdate<T>(TAddress.Linear(op, file), out var host))
            return Chain.Plain(op, file, cpu);
        var value = Unsafe.ReadUnaligned<T>(host);
        Unsafe.WriteUnaligned(host, value + T.One);
        file->SetFlagsButCarry(value, T.One, value + T.One, subtract: false);
        return Chain.Next(op, file, cpu);
    }

    private static Status DecrementMem<TAddress, T>(Op* op, CpuFile* file, Vcpu cpu)
        where TAddress : struct, IAddress where T : unmanaged, IBinaryInteger<T>
    {
        if (!cpu.MayUpdate<T>(TAddress.Linear(op, file), out var host))
            return Chain.Plain(op, file, cpu);
        var value = Unsafe.ReadUnaligned<T>(host);
        Unsafe.WriteUnaligned(host, value - T.One);
        file->SetFlagsButCarry(value, T.One, value - T.One, subtract: true);
        return Chain.Next(op, file, cpu);
    }

    private static Status Negate<T>(Op* op, CpuFile* file, Vcpu cpu) where T : unmanaged, IBinaryInteger<T>
    {
        var value = file->Reg<T>(op->Reg0);
        file->SetReg(op->Reg0, T.Zero - value);
        file->SetSubtractFlags(T.Zero, value, T.Zero - value);
        return Chain.Next(op, file, cpu);
    }

    private static Status Not<T>(Op* op, CpuFile* file, Vcpu cpu) where T : unmanaged, IBinaryInteger<T>
    {
        file->SetReg(op->Reg0, ~file->Reg<T>(op->Reg0));
        return Chain.Next(op, file, cpu);
    }

    private static Status Multiply(Op* op, CpuFile* file, Vcpu cpu)
    {
        StoreProduct(op, file, file->Reg<ulong>(op->Reg0), file->Reg<ulong>(op->Reg1));
        return Chain.Next(op, file, cpu);
    }

    private static Status MultiplyImmediate(Op* op, CpuFile* file, Vcpu cpu)
    {
        StoreProduct(op, file, file->Reg<ulong>(op->Reg1), op->Immediate);
        return Chain.Next(op, file, cpu);
    }

    // The high half of the signed product comes from the unsigned one, which the host has as one instruction.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreProduct(Op* op, CpuFile* file, ulong left, ulong right)
    {
        var low = left * right;
        var high = (long)Math.BigMul(left, right, out _) - (((long)left >> 63) & (long)right) - (((long)right >> 63) & (long)left);
        var overflow = high != (long)low >> 63;
        file->SetReg(op->Reg0, low);
        file->SetLogicFlags(low, overflow, overflow);
    }
}
