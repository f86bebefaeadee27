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
        table.Add(Code.Push_r64, &PushReg);
        table.Add(Code.Push_rm64, &PushMem<Based>, &PushMem<Indexed>);
        table.Add(Code.Pushq_imm8, &PushImm);
        table.Add(Code.Pushq_imm32, &PushImm);
        table.Add(Code.Pop_r64, &PopReg);
        table.Add(Code.Leaveq, &Leave);
    }

    private static Status PushReg(Op* op, CpuFile* file, Vcpu cpu) => Push(op, file, cpu, file->Reg<ulong>(op->Reg0));

    private static Status PushImm(Op* op, CpuFile* file, Vcpu cpu) => Push(op, file, cpu, op->Immediate);

    private static Status PushMem<TAddress>(Op* op, CpuFile* file, Vcpu cpu) where TAddress : struct, IAddress =>
        cpu.MayLoad<ulong>(TAddress.Linear(op, file), out var host)
            ? Push(op, file, cpu, Unsafe.ReadUnaligned<ulong>(host)) : Chain.Plain(op, file, cpu);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Status Push(Op* op, CpuFile* file, Vcpu cpu, ulong value)
    {
        var pointer = file->R[4] - sizeof(ulong);
        if (!cpu.MayStore<ulong>(pointer, out var host))
            return Chain.Plain(op, file, cpu);
        Unsafe.WriteUnaligned(host, value);
        file->R[4] = pointer;
        return Chain.Next(op, file, cpu);
    }

    private static Status PopReg(Op* op, CpuFile* file, Vcpu cpu)
    {
        var pointer = file->R[4];
        if (!cpu.MayLoad<ulong>(pointer, out var host))
            return Chain.Plain(op, file, cpu);
        // POP RSP leaves what was on the stack (SDM 2B POP).
        file->R[4] = pointer + sizeof(ulong);
        file->Reg<ulong>(op->Reg0) = Unsafe.ReadUnaligned<ulong>(host);
        return Chain.Next(op, file, cpu);
    }

    private static Status Leave(Op* op, CpuFile* file, Vcpu cpu)
    {
        var pointer = file->Reg<ulong>(RegisterFile.Rbp);
        if (!cpu.MayLoad<ulong>(pointer, out var host))
            return Chain.Plain(op, file, cpu);
        file->R[4] = pointer + sizeof(ulong);
        file->Reg<ulong>(RegisterFile.Rbp) = Unsafe.ReadUnaligned<ulong>(host);
        return Chain.Next(op, file, cpu);
    }
}
