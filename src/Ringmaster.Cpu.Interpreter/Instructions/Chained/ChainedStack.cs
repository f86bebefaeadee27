using System.Runtime.CompilerServices;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Chained;

/// <summary>PUSH and POP of 64-bit registers, PUSH of immediates and memory, LEAVE, in 64-bit mode.</summary>
internal static unsafe class ChainedStack
{
    public static void Register(ChainTable table)
    {
        table.Whole.Add(Code.Push_r64, &PushReg);
        table.Whole.Add(Code.Push_rm64, &PushMem<Based>, &PushMem<Indexed>);
        table.Whole.Add(Code.Pushq_imm8, &PushImm);
        table.Whole.Add(Code.Pushq_imm32, &PushImm);
        table.Whole.Add(Code.Pop_r64, &PopReg);
        table.Whole.Add(Code.Leaveq, &Leave);
    }

    private static Status PushReg(Op* op, CpuFile* file) => Push(op, file, file->Reg<ulong>(op->Reg0));

    private static Status PushImm(Op* op, CpuFile* file) => Push(op, file, op->Immediate);

    private static Status PushMem<TAddress>(Op* op, CpuFile* file) where TAddress : struct, IAddress
    {
        var linear = TAddress.Linear(op, file);
        return file->MayLoad<ulong>(linear, out var addend) ? Push(op, file, CpuFile.Load<ulong>(linear, addend)) : Chain.Plain(op, file);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Status Push(Op* op, CpuFile* file, ulong value)
    {
        var pointer = file->R[4] - sizeof(ulong);
        if (!file->MayStore<ulong>(pointer, out var addend))
            return Chain.Plain(op, file);
        CpuFile.Store(pointer, addend, value);
        file->R[4] = pointer;
        return Chain.Next(op, file);
    }

    private static Status PopReg(Op* op, CpuFile* file)
    {
        var pointer = file->R[4];
        if (!file->MayLoad<ulong>(pointer, out var addend))
            return Chain.Plain(op, file);
        // POP RSP leaves what was on the stack (SDM 2B POP).
        file->R[4] = pointer + sizeof(ulong);
        file->Reg<ulong>(op->Reg0) = CpuFile.Load<ulong>(pointer, addend);
        return Chain.Next(op, file);
    }

    private static Status Leave(Op* op, CpuFile* file)
    {
        var pointer = file->Reg<ulong>(RegisterFile.Rbp);
        if (!file->MayLoad<ulong>(pointer, out var addend))
            return Chain.Plain(op, file);
        file->R[4] = pointer + sizeof(ulong);
        file->Reg<ulong>(RegisterFile.Rbp) = CpuFile.Load<ulong>(pointer, addend);
        return Chain.Next(op, file);
    }
}
