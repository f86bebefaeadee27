using System.Buffers.Binary;
using System.Numerics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Integer;

/// <summary>MOV of general registers, MOVZX, MOVSX, MOVSXD, LEA, BSWAP, XLAT, CBW and its kin.</summary>
internal static unsafe class MoveInstructions
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Mov_rm8_r8, &RegReg<byte>, &MemReg<byte>);
        table.Add(Code.Mov_rm16_r16, &RegReg<ushort>, &MemReg<ushort>);
        table.Add(Code.Mov_rm32_r32, &RegReg<uint>, &MemReg<uint>);
        table.Add(Code.Mov_rm64_r64, &RegReg<ulong>, &MemReg<ulong>);
        table.Add(Code.Mov_r8_rm8, &RegReg<byte>, &RegMem<byte>);
        table.Add(Code.Mov_r16_rm16, &RegReg<ushort>, &RegMem<ushort>);
        table.Add(Code.Mov_r32_rm32, &RegReg<uint>, &RegMem<uint>);
        table.Add(Code.Mov_r64_rm64, &RegReg<ulong>, &RegMem<ulong>);
        table.Add(Code.Mov_AL_moffs8, &RegMem<byte>);
        table.Add(Code.Mov_AX_moffs16, &RegMem<ushort>);
        table.Add(Code.Mov_EAX_moffs32, &RegMem<uint>);
        table.Add(Code.Mov_RAX_moffs64, &RegMem<ulong>);
        table.Add(Code.Mov_moffs8_AL, &MemReg<byte>);
        table.Add(Code.Mov_moffs16_AX, &MemReg<ushort>);
        table.Add(Code.Mov_moffs32_EAX, &MemReg<uint>);
        table.Add(Code.Mov_moffs64_RAX, &MemReg<ulong>);
        table.Add(Code.Mov_r8_imm8, &RegImm<byte>);
        table.Add(Code.Mov_r16_imm16, &RegImm<ushort>);
        table.Add(Code.Mov_r32_imm32, &RegImm<uint>);
        table.Add(Code.Mov_r64_imm64, &RegImm<ulong>);
        table.Add(Code.Mov_rm8_imm8, &RegImm<byte>, &MemImm<byte>);
        table.Add(Code.Mov_rm16_imm16, &RegImm<ushort>, &MemImm<ushort>);
        table.Add(Code.Mov_rm32_imm32, &RegImm<uint>, &MemImm<uint>);
        table.Add(Code.Mov_rm64_imm32, &RegImm<ulong>, &MemImm<ulong>);

        table.Add(Code.Movzx_r16_rm8, &ExtendReg<byte, ushort>, &ExtendMem<byte, ushort>);
        table.Add(Code.Movzx_r32_rm8, &ExtendReg<byte, uint>, &ExtendMem<byte, uint>);
        table.Add(Code.Movzx_r64_rm8, &ExtendReg<byte, ulong>, &ExtendMem<byte, ulong>);
        table.Add(Code.Movzx_r16_rm16, &ExtendReg<ushort, ushort>, &ExtendMem<ushort, ushort>);
        table.Add(Code.Movzx_r32_rm16, &ExtendReg<ushort, uint>, &ExtendMem<ushort, uint>);
        table.Add(Code.Movzx_r64_rm16, &ExtendReg<ushort, ulong>, &ExtendMem<ushort, ulong>);
        table.Add(Code.Movsx_r16_rm8, &ExtendReg<sbyte, ushort>, &ExtendMem<sbyte, ushort>);
        table.Add(Code.Movsx_r32_rm8, &ExtendReg<sbyte, uint>, &ExtendMem<sbyte, uint>);
        table.Add(Code.Movsx_r64_rm8, &ExtendReg<sbyte, ulong>, &ExtendMem<sbyte, ulong>);
        table.Add(Code.Movsx_r16_rm16, &ExtendReg<short, ushort>, &ExtendMem<short, ushort>);
        table.Add(Code.Movsx_r32_rm16, &ExtendReg<short, uint>, &ExtendMem<short, uint>);
        table.Add(Code.Movsx_r64_rm16, &ExtendReg<short, ulong>, &ExtendMem<short, ulong>);
        table.Add(Code.Movsxd_r16_rm16, &ExtendReg<short, ushort>, &MovsxdWordMem);
        table.Add(Code.Movsxd_r32_rm32, &ExtendReg<int, uint>, &ExtendMem<int, uint>);
        table.Add(Code.Movsxd_r64_rm32, &ExtendReg<int, ulong>, &ExtendMem<int, ulong>);

        table.Add(Code.Lea_r16_m, &Lea<ushort>);
        table.Add(Code.Lea_r32_m, &Lea<uint>);
        table.Add(Code.Lea_r64_m, &Lea<ulong>);
        table.Add(Code.Bswap_r16, &Bswap16);
        table.Add(Code.Bswap_r32, &Bswap32);
        table.Add(Code.Bswap_r64, &Bswap64);
        table.Add(Code.Xlat_m8, &Xlat);
        table.Add(Code.Cbw, &Cbw);
        table.Add(Code.Cwde, &Cwde);
        table.Add(Code.Cdqe, &Cdqe);
        table.Add(Code.Cwd, &Cwd);
        table.Add(Code.Cdq, &Cdq);
        table.Add(Code.Cqo, &Cqo);
    }

    private static Status RegReg<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        cpu.SetReg(op->Reg0, cpu.Reg<T>(op->Reg1));
        return Status.Next;
    }

    private static Status RegMem<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        if (!cpu.Read(op, out T value))
            return cpu.FaultOrExit;
        cpu.SetReg(op->Reg0, value);
        return Status.Next;
    }

    private static Status MemReg<T>(Vcpu cpu, Op* op) where T : unmanaged =>
        cpu.Write(op, cpu.Reg<T>(op->Reg1)) ? Status.Next : cpu.FaultOrExit;

    private static Status RegImm<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T>
    {
        cpu.SetReg(op->Reg0, T.CreateTruncating(op->Immediate));
        return Status.Next;
    }

    private static Status MemImm<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T> =>
        cpu.Write(op, T.CreateTruncating(op->Immediate)) ? Status.Next : cpu.FaultOrExit;

    private static Status ExtendReg<TFrom, TTo>(Vcpu cpu, Op* op)
        where TFrom : unmanaged, IBinaryInteger<TFrom> where TTo : unmanaged, IBinaryInteger<TTo>
    {
        cpu.SetReg(op->Reg0, TTo.CreateTruncating(cpu.Reg<TFrom>(op->Reg1)));
        return Status.Next;
    }

    private static Status ExtendMem<TFrom, TTo>(Vcpu cpu, Op* op)
        where TFrom : unmanaged, IBinaryInteger<TFrom> where TTo : unmanaged, IBinaryInteger<TTo>
    {
        if (!cpu.Read(op, out TFrom value))
            return cpu.FaultOrExit;
        cpu.SetReg(op->Reg0, TTo.CreateTruncating(value));
        return Status.Next;
    }

    // AMD's processors load 32 bits all the same (APM 3 MOVSXD); Intel's load 16 (SDM 2B MOVSXD).
    private static Status MovsxdWordMem(Vcpu cpu, Op* op)
    {
        if (!cpu.Features.IsAmd)
            return ExtendMem<short, ushort>(cpu, op);
        if (!cpu.Read(op, out uint value))
            return cpu.FaultOrExit;
        cpu.SetReg(op->Reg0, (ushort)value);
        return Status.Next;
    }

    private static Status Lea<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T>
    {
        cpu.SetReg(op->Reg0, T.CreateTruncating(cpu.EffectiveAddress(op)));
        return Status.Next;
    }

    // The result is undefined (SDM 2A BSWAP); processors clear the register.
    private static Status Bswap16(Vcpu cpu, Op* op)
    {
        cpu.SetReg<ushort>(op->Reg0, 0);
        return Status.Next;
    }

    private static Status Bswap32(Vcpu cpu, Op* op)
    {
        cpu.SetReg(op->Reg0, BinaryPrimitives.ReverseEndianness(cpu.Reg<uint>(op->Reg0)));
        return Status.Next;
    }

    private static Status Bswap64(Vcpu cpu, Op* op)
    {
        cpu.SetReg(op->Reg0, BinaryPrimitives.ReverseEndianness(cpu.Reg<ulong>(op->Reg0)));
        return Status.Next;
    }

    // Iced gives AL as the index, which is what the register file holds at RAX's offset; only its low byte counts.
    private static Status Xlat(Vcpu cpu, Op* op)
    {
        var offset = Vcpu.WrapAddress(op->Flags, cpu.R64(op->Base) + cpu.Reg<byte>(RegisterFile.Rax));
        if (!cpu.LinearAt(op, offset, 1, Interpreter.Memory.AccessKind.Read, out var linear)
            || !cpu.ReadLinear(op->Segment, linear, out byte value))
            return cpu.FaultOrExit;
        cpu.SetReg(RegisterFile.Rax, value);
        return Status.Next;
    }

    private static Status Cbw(Vcpu cpu, Op* op)
    {
        cpu.SetReg(RegisterFile.Rax, (ushort)(sbyte)cpu.Reg<byte>(RegisterFile.Rax));
        return Status.Next;
    }

    private static Status Cwde(Vcpu cpu, Op* op)
    {
        cpu.SetReg(RegisterFile.Rax, (uint)(short)cpu.Reg<ushort>(RegisterFile.Rax));
        return Status.Next;
    }

    private static Status Cdqe(Vcpu cpu, Op* op)
    {
        cpu.SetReg(RegisterFile.Rax, (ulong)(int)cpu.Reg<uint>(RegisterFile.Rax));
        return Status.Next;
    }

    private static Status Cwd(Vcpu cpu, Op* op)
    {
        cpu.SetReg(RegisterFile.Rdx, (ushort)((short)cpu.Reg<ushort>(RegisterFile.Rax) >> 15));
        return Status.Next;
    }

    private static Status Cdq(Vcpu cpu, Op* op)
    {
        cpu.SetReg(RegisterFile.Rdx, (uint)((int)cpu.Reg<uint>(RegisterFile.Rax) >> 31));
        return Status.Next;
    }

    private static Status Cqo(Vcpu cpu, Op* op)
    {
        cpu.SetReg(RegisterFile.Rdx, (ulong)((long)cpu.Reg<ulong>(RegisterFile.Rax) >> 63));
        return Status.Next;
    }
}
