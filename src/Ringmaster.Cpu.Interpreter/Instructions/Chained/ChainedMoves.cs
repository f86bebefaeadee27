using System.Numerics;
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
        table.Whole.Add(Code.Lea_r32_m, &Lea<Based, uint>, &Lea<Indexed, uint>);
        table.Whole.Add(Code.Lea_r64_m, &Lea<Based, ulong>, &Lea<Indexed, ulong>);
        table.SetIgnored(Code.Lea_r32_m);
        table.SetIgnored(Code.Lea_r64_m);
        foreach (var code in (ReadOnlySpan<Code>)[Code.Nopw, Code.Nopd, Code.Nopq])
        {
            table.Whole.Add(code, &Nop);
            table.SetIgnored(code);
        }
        foreach (var code in (ReadOnlySpan<Code>)[Code.Nop_rm16, Code.Nop_rm32, Code.Nop_rm64])
        {
            table.Whole.Add(code, &Nop);
            table.Whole.Add(code, &Nop, &Nop);
            table.SetIgnored(code);
        }
    }

    private static void Enter<T>(ChainTable table, Code toAny, Code fromAny, Code immediateToAny, Code immediate) where T : unmanaged
    {
        table.Whole.Add(toAny, &RegReg<T>);
        table.Whole.Add(toAny, &MemReg<Based, T>, &MemReg<Indexed, T>);
        table.Whole.Add(fromAny, &RegReg<T>);
        table.Whole.Add(fromAny, &RegMem<Based, T>, &RegMem<Indexed, T>);
        table.Whole.Add(immediateToAny, &RegImm<T>);
        table.Whole.Add(immediateToAny, &MemImm<Based, T>, &MemImm<Indexed, T>);
        table.Whole.Add(immediate, &RegImm<T>);
        foreach (var code in (ReadOnlySpan<Code>)[toAny, fromAny, immediateToAny, immediate])
            table.SetEffect(code, FlagEffect.Ignores);
    }

    private static Status Nop(Op* op, CpuFile* file) => Chain.Next(op, file);

    private static Status RegReg<T>(Op* op, CpuFile* file) where T : unmanaged
    {
        file->SetReg(op->Reg0, file->Reg<T>(op->Reg1));
        return Chain.Next(op, file);
    }

    private static Status RegImm<T>(Op* op, CpuFile* file) where T : unmanaged
    {
        file->SetReg(op->Reg0, *(T*)&op->Immediate);
        return Chain.Next(op, file);
    }

    private static Status RegMem<TAddress, T>(Op* op, CpuFile* file) where TAddress : struct, IAddress where T : unmanaged
    {
        var linear = TAddress.Linear(op, file);
        if (!file->MayLoad<T>(linear, out var addend))
            return Chain.Plain(op, file);
        file->SetReg(op->Reg0, CpuFile.Load<T>(linear, addend));
        return Chain.Next(op, file);
    }

    private static Status MemReg<TAddress, T>(Op* op, CpuFile* file) where TAddress : struct, IAddress where T : unmanaged
    {
        var linear = TAddress.Linear(op, file);
        if (!file->MayStore<T>(linear, out var addend))
            return Chain.Plain(op, file);
        CpuFile.Store(linear, addend, file->Reg<T>(op->Reg1));
        return Chain.Next(op, file);
    }

    private static Status MemImm<TAddress, T>(Op* op, CpuFile* file) where TAddress : struct, IAddress where T : unmanaged
    {
        var linear = TAddress.Linear(op, file);
        if (!file->MayStore<T>(linear, out var addend))
            return Chain.Plain(op, file);
        CpuFile.Store(linear, addend, *(T*)&op->Immediate);
        return Chain.Next(op, file);
    }

    private static Status Lea<TAddress, T>(Op* op, CpuFile* file) where TAddress : struct, IAddress where T : unmanaged, IBinaryInteger<T>
    {
        file->SetReg(op->Reg0, T.CreateTruncating(TAddress.Offset(op, file)));
        return Chain.Next(op, file);
    }
}
