using System.Runtime.CompilerServices;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Chained;

/// <summary>Near JMP, CALL and RET of 64-bit mode, and a block's plain end. What would fault is left to the plain handlers.</summary>
internal static unsafe class ChainedBranches
{
    public static void Register(ChainTable table)
    {
        table.Add(Code.Jmp_rel8_64, &Jump);
        table.Add(Code.Jmp_rel32_64, &Jump);
        table.Add(Code.Jmp_rm64, &JumpReg);
        table.Add(Code.Jmp_rm64, &JumpMem<Based>, &JumpMem<Indexed>);
        table.Add(Code.Call_rel32_64, &Call);
        table.Add(Code.Call_rm64, &CallReg);
        table.Add(Code.Call_rm64, &CallMem<Based>, &CallMem<Indexed>);
        table.Add(Code.Retnq, &Return);
        table.Add(Code.Retnq_imm16, &Return);
    }

    /// <summary>A block's end without a branch.</summary>
    public static Status End(Op* op, CpuFile* file, Vcpu cpu)
    {
        file->Last = op;
        file->Rip = file->BlockRip + op->Offset;
        return Status.FallThrough;
    }

    /// <summary>A conditional branch that is not taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Status FallThrough(Op* op, CpuFile* file)
    {
        file->Last = op;
        file->Rip = file->BlockRip + op->NextOffset;
        return Status.FallThrough;
    }

    /// <summary>A direct branch that is taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Status Jump(Op* op, CpuFile* file, Vcpu cpu) => JumpTo(op, file, cpu, file->BlockRip + op->Immediate);

    private static Status JumpReg(Op* op, CpuFile* file, Vcpu cpu) => JumpTo(op, file, cpu, file->Reg<ulong>(op->Reg0));

    private static Status JumpMem<TAddress>(Op* op, CpuFile* file, Vcpu cpu) where TAddress : struct, IAddress =>
        cpu.MayLoad<ulong>(TAddress.Linear(op, file), out var host)
            ? JumpTo(op, file, cpu, Unsafe.ReadUnaligned<ulong>(host)) : Chain.Plain(op, file, cpu);

    private static Status Call(Op* op, CpuFile* file, Vcpu cpu) => CallTo(op, file, cpu, file->BlockRip + op->Immediate);

    private static Status CallReg(Op* op, CpuFile* file, Vcpu cpu) => CallTo(op, file, cpu, file->Reg<ulong>(op->Reg0));

    private static Status CallMem<TAddress>(Op* op, CpuFile* file, Vcpu cpu) where TAddress : struct, IAddress =>
        cpu.MayLoad<ulong>(TAddress.Linear(op, file), out var host)
            ? CallTo(op, file, cpu, Unsafe.ReadUnaligned<ulong>(host)) : Chain.Plain(op, file, cpu);

    private static Status Return(Op* op, CpuFile* file, Vcpu cpu)
    {
        var pointer = file->R[4];
        if (!cpu.MayLoad<ulong>(pointer, out var host))
            return Chain.Plain(op, file, cpu);
        var target = Unsafe.ReadUnaligned<ulong>(host);
        if (!IsNearlyCanonical(target))
            return Chain.Plain(op, file, cpu);
        file->R[4] = pointer + sizeof(ulong) + (ushort)op->Immediate;
        file->Last = op;
        file->Rip = target;
        return Status.Branch;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Status CallTo(Op* op, CpuFile* file, Vcpu cpu, ulong target)
    {
        var pointer = file->R[4] - sizeof(ulong);
        if (!IsNearlyCanonical(target) || !cpu.MayStore<ulong>(pointer, out var host))
            return Chain.Plain(op, file, cpu);
        Unsafe.WriteUnaligned(host, file->BlockRip + op->NextOffset);
        file->R[4] = pointer;
        file->Last = op;
        file->Rip = target;
        return Status.Branch;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Status JumpTo(Op* op, CpuFile* file, Vcpu cpu, ulong target)
    {
        if (!IsNearlyCanonical(target))
            return Chain.Plain(op, file, cpu);
        file->Last = op;
        file->Rip = target;
        return Status.Branch;
    }

    /// <summary>Whether an address is canonical however many levels page tables have.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNearlyCanonical(ulong address) => (ulong)((long)(address << 16) >> 16) == address;
}
