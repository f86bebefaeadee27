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
        table.Whole.Add(Code.Jmp_rel8_64, &Jump);
        table.Whole.Add(Code.Jmp_rel32_64, &Jump);
        table.Whole.Add(Code.Jmp_rm64, &JumpReg);
        table.Whole.Add(Code.Jmp_rm64, &JumpMem<Based>, &JumpMem<Indexed>);
        table.Whole.Add(Code.Call_rel32_64, &Call);
        table.Whole.Add(Code.Call_rm64, &CallReg);
        table.Whole.Add(Code.Call_rm64, &CallMem<Based>, &CallMem<Indexed>);
        table.Whole.Add(Code.Retnq, &Return);
        table.Whole.Add(Code.Retnq_imm16, &Return);
    }

    /// <summary>A block's end without a branch.</summary>
    public static Status End(Op* op, CpuFile* file) => Follow(op, file, file->BlockRip + op->Offset, op->NotTaken, Status.FallThrough);

    /// <summary>A conditional branch that is not taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Status FallThrough(Op* op, CpuFile* file) => Follow(op, file, file->BlockRip + op->NextOffset, op->NotTaken, Status.FallThrough);

    /// <summary>A direct branch that is taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Status Jump(Op* op, CpuFile* file)
    {
        var target = file->BlockRip + op->Immediate;
        return IsNearlyCanonical(target) ? Follow(op, file, target, op->Taken, Status.Branch) : Chain.Plain(op, file);
    }

    private static Status JumpReg(Op* op, CpuFile* file) => JumpTo(op, file, file->Reg<ulong>(op->Reg0));

    private static Status JumpMem<TAddress>(Op* op, CpuFile* file) where TAddress : struct, IAddress
    {
        var linear = TAddress.Linear(op, file);
        return file->MayLoad<ulong>(linear, out var addend) ? JumpTo(op, file, CpuFile.Load<ulong>(linear, addend)) : Chain.Plain(op, file);
    }

    private static Status Call(Op* op, CpuFile* file) => CallTo(op, file, file->BlockRip + op->Immediate, op->Taken);

    private static Status CallReg(Op* op, CpuFile* file) => CallTo(op, file, file->Reg<ulong>(op->Reg0), null);

    private static Status CallMem<TAddress>(Op* op, CpuFile* file) where TAddress : struct, IAddress
    {
        var linear = TAddress.Linear(op, file);
        return file->MayLoad<ulong>(linear, out var addend) ? CallTo(op, file, CpuFile.Load<ulong>(linear, addend), null) : Chain.Plain(op, file);
    }

    private static Status Return(Op* op, CpuFile* file)
    {
        var pointer = file->R[4];
        if (!file->MayLoad<ulong>(pointer, out var addend))
            return Chain.Plain(op, file);
        var target = CpuFile.Load<ulong>(pointer, addend);
        if (!IsNearlyCanonical(target))
            return Chain.Plain(op, file);
        file->R[4] = pointer + sizeof(ulong) + (ushort)op->Immediate;
        return Seek(op, file, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Status CallTo(Op* op, CpuFile* file, ulong target, Op* next)
    {
        var pointer = file->R[4] - sizeof(ulong);
        if (!IsNearlyCanonical(target) || !file->MayStore<ulong>(pointer, out var addend))
            return Chain.Plain(op, file);
        CpuFile.Store(pointer, addend, file->BlockRip + op->NextOffset);
        file->R[4] = pointer;
        return Follow(op, file, target, next, Status.Branch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Status JumpTo(Op* op, CpuFile* file, ulong target) =>
        IsNearlyCanonical(target) ? Seek(op, file, target) : Chain.Plain(op, file);

    /// <summary>Goes on in the block that a direct branch is linked with, if nothing is due; otherwise leaves it to the loop.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Status Follow(Op* op, CpuFile* file, ulong rip, Op* next, Status status) =>
        next != null && !next->Is(OpFlags.Dropped) && Volatile.Read(ref file->Attention) == 0 && --file->LinksLeft >= 0
            ? Enter(op, file, rip, next) : Stop(op, file, rip, status);

    /// <summary>As <see cref="Follow"/>, for an indirect branch to where a block is known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Status Seek(Op* op, CpuFile* file, ulong rip)
    {
        var entry = file->Jumps + JumpCacheEntry.IndexOf(rip);
        return entry->Linear == rip && entry->Context == file->CodeContext && entry->Window == file->CodeWindow && entry->Block->IsValid
            && Volatile.Read(ref file->Attention) == 0 && --file->LinksLeft >= 0
            ? Enter(op, file, rip, entry->Block->Ops) : Stop(op, file, rip, Status.Branch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Status Enter(Op* op, CpuFile* file, ulong rip, Op* next)
    {
        file->Executed += op->Ordinal;
        file->Reg<ulong>(RegisterFile.BlockRip) = rip;
        return next->Run(next, file);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Status Stop(Op* op, CpuFile* file, ulong rip, Status status)
    {
        file->Last = op;
        file->Rip = rip;
        return status;
    }

    /// <summary>Whether an address is canonical however many levels page tables have.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNearlyCanonical(ulong address) => (ulong)((long)(address << 16) >> 16) == address;
}
