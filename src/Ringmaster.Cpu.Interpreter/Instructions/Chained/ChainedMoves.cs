using System.Runtime.CompilerServices;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Chained;

/// <summary>MOV of general registers, LEA, NOP.</summary>
internal static unsafe class ChainedMoves
{
    public static void Register(ChainTable table)
    {
        Enter<byte>(table, Code.Mov_rm8_r8, Code.Mov_r8_rm8, Code.Mov_rm8_imm8, Code.Mov_r8_imm8);
        Enter<ushort>(table, Code.Mov_rm16_r16, Code.Mov_r16_rm16, Code.Mov_rm16_imm16, Code.Mov_r16_imm16);
        Enter<uint>(table, Code.Mov_rm32_r32, Code.Mov_r32_rm32, Code.Mov_rm32_imm32, Code.Mov_r32_imm32);
        Enter<ulong>(table, Code.Mov_rm64_r64, Code.Mov_r64_rm64, Code.Mov_rm64_imm32, Code.Mov_r64_imm64);
        table.Add(Code.Lea_r32_m, &Lea<Based, uint>, &Lea<Indexed, uint>);
        table.Add(Code.Lea_r64_m, &Lea<Based, ulong>, &Lea<Indexed, ulong>);
        foreach (var code in (ReadOnlySpan<Code>)[Code.Nopw, Code.Nopd, Code.Nopq])
            table.Add(code, &Nop);
        foreach (var code in (ReadOnlySpan<Code>)[Code.Nop_rm16, Code.Nop_rm32, Code.Nop_rm64])
            table.Add(code, &Nop, &Nop);
    }

    private static void Enter<T>(ChainTable table, Code toAny, Code fromAny, Code immediateToAny, Code immediate) where T : unmanaged
    {
        table.Add(toAny, &RegReg<T>);
        table.Add(toAny, &MemReg<Based, T>, &MemReg<Indexed, T>);
        table.Add(fromAny, &RegReg<T>);
        table.Add(fromAny, &RegMem<Based, T>, &RegMem<Indexed, T>);
        table.Add(immediateToAny, &RegImm<T>);
        table.Add(immediateToAny, &MemImm<Based, T>, &MemImm<Indexed, T>);
        table.Add(immediate, &RegImm<T>);
    }

    private static Status Nop(Op* op, CpuFile* file, Vcpu cpu) => Chain.Next(op, file, cpu);

    private static Status RegReg<T>(Op* op, CpuFile* file, Vcpu cpu) where T : unmanaged
    {
        file->SetReg(op->Reg0, file->Reg<T>(op->Reg1));
        return Chain.Next(op, file, cpu);
    }

    private static Status RegImm<T>(Op* op, CpuFile* file, Vcpu cpu) where T : unmanaged
    {
        file->SetReg(op->Reg0, *(T*)&op->Immediate);
        return Chain.Next(op, file, cpu);
    }

    private static Status RegMem<TAddress, T>(Op* op, CpuFile* file, Vcpu cpu) where TAddress : struct, IAddress where T : unmanaged
    {
        if (!cpu.MayLoad<T>(TAddress.Linear(op, file), out var host))
            return Chain.Plain(op, file, cpu);
        file->SetReg(op->Reg0, Unsafe.ReadUnaligned<T>(host));
        return Chain.Next(op, file, cpu);
    }

    private static Status MemReg<TAddress, T>(Op* op, CpuFile* file, Vcpu cpu) where TAddress : struct, IAddress where T : unmanaged
    {
        if (!cpu.MayStore<T>(TAddress.Linear(op, file), out var host))
            return Chain.Plain(op, file, cpu);
        Unsafe.WriteUnaligned(host, file->Reg<T>(op->Reg1));
        return Chain.Next(op, file, cpu);
    }

    private static Status MemImm<TAddress, T>(Op* op, CpuFile* file, Vcpu cpu) where TAddress : struct, IAddress where T : unmanaged
    {
        if (!cpu.MayStore<T>(TAddress.Linear(op, file), out var host))
            return Chain.Plain(op, file, cpu);
        Unsafe.WriteUnaligned(host, *(T*)&op->Immediate);
        return Chain.Next(op, file, cpu);
    }

    private static Status Lea<TAddress, T>(Op* op, CpuFile* file, Vcpu cpu) where TAddress : struct, IAddress where T : unmanaged
    {
        var offset = TAddress.Offset(op, file);
        file->SetReg(op->Reg0, *(T*)&offset);
        return Chain.Next(op, file, cpu);
    }
}
