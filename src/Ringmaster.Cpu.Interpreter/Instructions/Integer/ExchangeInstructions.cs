using System.Numerics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Interpreter.Instructions.Integer;

/// <summary>XCHG, XADD, CMPXCHG, CMPXCHG8B, CMPXCHG16B.</summary>
internal static unsafe class ExchangeInstructions
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Xchg_rm8_r8, &SwapReg<byte>, &SwapMem<byte>);
        table.Add(Code.Xchg_rm16_r16, &SwapReg<ushort>, &SwapMem<ushort>);
        table.Add(Code.Xchg_rm32_r32, &SwapReg<uint>, &SwapMem<uint>);
        table.Add(Code.Xchg_rm64_r64, &SwapReg<ulong>, &SwapMem<ulong>);
        table.Add(Code.Xchg_r16_AX, &SwapReg<ushort>);
        table.Add(Code.Xchg_r32_EAX, &SwapReg<uint>);
        table.Add(Code.Xchg_r64_RAX, &SwapReg<ulong>);
        table.Add(Code.Xadd_rm8_r8, &AddReg<byte>, &AddMem<byte>);
        table.Add(Code.Xadd_rm16_r16, &AddReg<ushort>, &AddMem<ushort>);
        table.Add(Code.Xadd_rm32_r32, &AddReg<uint>, &AddMem<uint>);
        table.Add(Code.Xadd_rm64_r64, &AddReg<ulong>, &AddMem<ulong>);
        table.Add(Code.Cmpxchg_rm8_r8, &CompareReg<byte>, &CompareMem<byte>);
        table.Add(Code.Cmpxchg_rm16_r16, &CompareReg<ushort>, &CompareMem<ushort>);
        table.Add(Code.Cmpxchg_rm32_r32, &CompareReg<uint>, &CompareMem<uint>);
        table.Add(Code.Cmpxchg_rm64_r64, &CompareReg<ulong>, &CompareMem<ulong>);
        table.Add(Code.Cmpxchg8b_m64, &Compare8Bytes);
        table.Add(Code.Cmpxchg16b_m128, &Compare16Bytes);
    }

    private static Status SwapReg<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        var first = cpu.Reg<T>(op->Reg0);
        cpu.SetReg(op->Reg0, cpu.Reg<T>(op->Reg1));
        cpu.SetReg(op->Reg1, first);
        return Status.Next;
    }

    // Locked with or without the prefix (SDM 3A 8.1.2.1).
    private static Status SwapMem<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        if (!cpu.BeginUpdate(op, out T value, out var target))
            return cpu.FaultOrExit;
        var register = cpu.Reg<T>(op->Reg1);
        if (cpu.IsInRam(target))
        {
            while (!cpu.TryReplace(target, ref value, register))
            {
            }
        }
        else if (!cpu.FinishUpdate(target, register))
        {
            return cpu.FaultOrExit;
        }
        cpu.SetReg(op->Reg1, value);
        return Status.Next;
    }

    private static Status AddReg<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T>
    {
        var left = cpu.Reg<T>(op->Reg0);
        var right = cpu.Reg<T>(op->Reg1);
        cpu.SetReg(op->Reg1, left);
        cpu.SetReg(op->Reg0, left + right);
        cpu.SetAddFlags(left, right, left + right);
        return Status.Next;
    }

    private static Status AddMem<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T>
    {
        if (!cpu.BeginUpdate(op, out T left, out var target))
            return cpu.FaultOrExit;
        var right = cpu.Reg<T>(op->Reg1);
        if (op->Is(OpFlags.Lock) && cpu.IsInRam(target))
        {
            while (!cpu.TryReplace(target, ref left, left + right))
            {
            }
        }
        else if (!cpu.FinishUpdate(target, left + right))
        {
            return cpu.FaultOrExit;
        }
        cpu.SetReg(op->Reg1, left);
        cpu.SetAddFlags(left, right, left + right);
        return Status.Next;
    }

    private static Status CompareReg<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T>
    {
        var accumulator = cpu.Reg<T>(RegisterFile.Rax);
        var value = cpu.Reg<T>(op->Reg0);
        if (accumulator == value)
            cpu.SetReg(op->Reg0, cpu.Reg<T>(op->Reg1));
        else
            cpu.SetReg(RegisterFile.Rax, value);
        cpu.SetSubtractFlags(accumulator, value, accumulator - value);
        return Status.Next;
    }

    // The destination is written even when the comparison fails, with its old value (SDM 2A CMPXCHG).
    private static Status CompareMem<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T>
    {
        if (!cpu.BeginUpdate(op, out T value, out var target))
            return cpu.FaultOrExit;
        var accumulator = cpu.Reg<T>(RegisterFile.Rax);
        var replacement = cpu.Reg<T>(op->Reg1);
        if (op->Is(OpFlags.Lock) && cpu.IsInRam(target))
        {
            while (!cpu.TryReplace(target, ref value, value == accumulator ? replacement : value))
            {
            }
        }
        else if (!cpu.FinishUpdate(target, value == accumulator ? replacement : value))
        {
            return cpu.FaultOrExit;
        }
        if (value != accumulator)
            cpu.SetReg(RegisterFile.Rax, value);
        cpu.SetSubtractFlags(accumulator, value, accumulator - value);
        return Status.Next;
    }

    private static Status Compare8Bytes(Vcpu cpu, Op* op)
    {
        if (!cpu.BeginUpdate(op, out ulong value, out var target))
            return cpu.FaultOrExit;
        var expected = Pair(cpu, RegisterFile.Rdx, RegisterFile.Rax);
        var replacement = Pair(cpu, RegisterFile.Rcx, RegisterFile.Rbx);
        if (op->Is(OpFlags.Lock) && cpu.IsInRam(target))
        {
            while (!cpu.TryReplace(target, ref value, value == expected ? replacement : value))
            {
            }
        }
        else if (!cpu.FinishUpdate(target, value == expected ? replacement : value))
        {
            return cpu.FaultOrExit;
        }
        if (value != expected)
        {
            cpu.SetReg(RegisterFile.Rax, (uint)value);
            cpu.SetReg(RegisterFile.Rdx, (uint)(value >> 32));
        }
        cpu.ZF = value == expected;
        return Status.Next;
    }

    private static ulong Pair(Vcpu cpu, byte high, byte low) => ((ulong)cpu.Reg<uint>(high) << 32) | cpu.Reg<uint>(low);

    // The operand must be aligned, so it never crosses a page.
    private static Status Compare16Bytes(Vcpu cpu, Op* op)
    {
        if (!cpu.LinearOperand(op, 16, AccessKind.Write, out var linear))
            return cpu.FaultOrExit;
        if ((linear & 15) != 0)
            return cpu.RaiseGeneralProtection();
        if (!cpu.BeginUpdateLinear(op->Segment, linear, out UInt128 value, out var target))
            return cpu.FaultOrExit;
        var expected = new UInt128(cpu.R64(RegisterFile.Rdx), cpu.R64(RegisterFile.Rax));
        var replacement = new UInt128(cpu.R64(RegisterFile.Rcx), cpu.R64(RegisterFile.Rbx));
        if (op->Is(OpFlags.Lock) && cpu.IsInRam(target))
        {
            while (!cpu.TryReplace(target, ref value, value == expected ? replacement : value))
            {
            }
        }
        else if (!cpu.FinishUpdate(target, value == expected ? replacement : value))
        {
            return cpu.FaultOrExit;
        }
        if (value != expected)
        {
            cpu.R64(RegisterFile.Rax) = (ulong)value;
            cpu.R64(RegisterFile.Rdx) = (ulong)(value >> 64);
        }
        cpu.ZF = value == expected;
        return Status.Next;
    }
}
