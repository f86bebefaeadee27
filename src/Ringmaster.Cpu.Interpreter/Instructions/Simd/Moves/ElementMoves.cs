using System.Numerics;
using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Moves;

/// <summary>PINSR, PEXTR, EXTRACTPS and INSERTPS: one element, named by the immediate.</summary>
internal static unsafe class ElementMoves
{
    public static void Register(HandlerTable table)
    {
        Insert<byte>(table, Code.Pinsrb_xmm_r32m8_imm8, Code.VEX_Vpinsrb_xmm_xmm_r32m8_imm8);
        Insert<byte>(table, Code.Pinsrb_xmm_r64m8_imm8, Code.VEX_Vpinsrb_xmm_xmm_r64m8_imm8);
        Insert<ushort>(table, Code.Pinsrw_xmm_r32m16_imm8, Code.VEX_Vpinsrw_xmm_xmm_r32m16_imm8);
        Insert<ushort>(table, Code.Pinsrw_xmm_r64m16_imm8, Code.VEX_Vpinsrw_xmm_xmm_r64m16_imm8);
        Insert<uint>(table, Code.Pinsrd_xmm_rm32_imm8, Code.VEX_Vpinsrd_xmm_xmm_rm32_imm8);
        Insert<ulong>(table, Code.Pinsrq_xmm_rm64_imm8, Code.VEX_Vpinsrq_xmm_xmm_rm64_imm8);
        Extract<byte>(table, Code.Pextrb_r32m8_xmm_imm8, Code.VEX_Vpextrb_r32m8_xmm_imm8);
        Extract<byte>(table, Code.Pextrb_r64m8_xmm_imm8, Code.VEX_Vpextrb_r64m8_xmm_imm8);
        Extract<ushort>(table, Code.Pextrw_r32m16_xmm_imm8, Code.VEX_Vpextrw_r32m16_xmm_imm8);
        Extract<ushort>(table, Code.Pextrw_r64m16_xmm_imm8, Code.VEX_Vpextrw_r64m16_xmm_imm8);
        Extract<ushort>(table, Code.Pextrw_r32_xmm_imm8, Code.VEX_Vpextrw_r32_xmm_imm8);
        Extract<ushort>(table, Code.Pextrw_r64_xmm_imm8, Code.VEX_Vpextrw_r64_xmm_imm8);
        Extract<uint>(table, Code.Pextrd_rm32_xmm_imm8, Code.VEX_Vpextrd_rm32_xmm_imm8);
        Extract<ulong>(table, Code.Pextrq_rm64_xmm_imm8, Code.VEX_Vpextrq_rm64_xmm_imm8);
        Extract<uint>(table, Code.Extractps_rm32_xmm_imm8, Code.VEX_Vextractps_rm32_xmm_imm8);
        Extract<uint>(table, Code.Extractps_r64m32_xmm_imm8, Code.VEX_Vextractps_r64m32_xmm_imm8);
        table.Add(Code.Insertps_xmm_xmmm32_imm8, &InsertSingle, &InsertSingleMemory, Guard.Sse);
        table.Add(Code.VEX_Vinsertps_xmm_xmm_xmmm32_imm8, &InsertSingle128, &InsertSingleMemory128, Guard.Avx);
    }

    private static void Insert<T>(HandlerTable table, Code legacy, Code vex) where T : unmanaged
    {
        table.Add(legacy, &InsertRegister<T>, &InsertMemory<T>, Guard.Sse);
        table.Add(vex, &InsertRegister128<T>, &InsertMemory128<T>, Guard.Avx);
    }

    private static void Extract<T>(HandlerTable table, Code legacy, Code vex) where T : unmanaged, IUnsignedNumber<T>
    {
        table.Add(legacy, &ExtractRegister<T>, &ExtractMemory<T>, Guard.Sse);
        table.Add(vex, &ExtractRegister<T>, &ExtractMemory<T>, Guard.Avx);
    }

    private static int Position<T>(Op* op) where T : unmanaged => (int)op->Immediate & (Vector128<T>.Count - 1);

    private static Status InsertRegister<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        ref var destination = ref cpu.Xmm<T>(op->Reg0);
        destination = destination.WithElement(Position<T>(op), cpu.Reg<T>(op->Reg1));
        return Status.Next;
    }

    private static Status InsertMemory<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        if (!cpu.Read<T>(op, out var value))
            return cpu.FaultOrExit;
        ref var destination = ref cpu.Xmm<T>(op->Reg0);
        destination = destination.WithElement(Position<T>(op), value);
        return Status.Next;
    }

    private static Status InsertRegister128<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        cpu.SetVex128(op->Reg0, cpu.Xmm<T>(op->Reg1).WithElement(Position<T>(op), cpu.Reg<T>(op->Reg2)).AsByte());
        return Status.Next;
    }

    private static Status InsertMemory128<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        if (!cpu.Read<T>(op, out var value))
            return cpu.FaultOrExit;
        cpu.SetVex128(op->Reg0, cpu.Xmm<T>(op->Reg1).WithElement(Position<T>(op), value).AsByte());
        return Status.Next;
    }

    private static Status ExtractRegister<T>(Vcpu cpu, Op* op) where T : unmanaged, IUnsignedNumber<T>
    {
        cpu.R64(op->Reg0) = ulong.CreateTruncating(cpu.Xmm<T>(op->Reg1).GetElement(Position<T>(op)));
        return Status.Next;
    }

    private static Status ExtractMemory<T>(Vcpu cpu, Op* op) where T : unmanaged =>
        cpu.Write(op, cpu.Xmm<T>(op->Reg1).GetElement(Position<T>(op))) ? Status.Next : cpu.FaultOrExit;

    // With a register source, bits 6 and 7 of the immediate choose its element.
    private static uint SourceSingle(Vcpu cpu, byte register, Op* op) => cpu.Xmm<uint>(register).GetElement((int)(op->Immediate >> 6) & 3);

    private static Vector128<byte> InsertSingle(Vector128<uint> destination, uint value, int immediate)
    {
        destination = destination.WithElement((immediate >> 4) & 3, value);
        for (var i = 0; i < 4; i++)
        {
            if ((immediate >> i & 1) != 0)
                destination = destination.WithElement(i, 0u);
        }
        return destination.AsByte();
    }

    private static Status InsertSingle(Vcpu cpu, Op* op)
    {
        cpu.Xmm<byte>(op->Reg0) = InsertSingle(cpu.Xmm<uint>(op->Reg0), SourceSingle(cpu, op->Reg1, op), (int)op->Immediate);
        return Status.Next;
    }

    private static Status InsertSingleMemory(Vcpu cpu, Op* op)
    {
        if (!cpu.Read<uint>(op, out var value))
            return cpu.FaultOrExit;
        cpu.Xmm<byte>(op->Reg0) = InsertSingle(cpu.Xmm<uint>(op->Reg0), value, (int)op->Immediate);
        return Status.Next;
    }

    private static Status InsertSingle128(Vcpu cpu, Op* op)
    {
        cpu.SetVex128(op->Reg0, InsertSingle(cpu.Xmm<uint>(op->Reg1), SourceSingle(cpu, op->Reg2, op), (int)op->Immediate));
        return Status.Next;
    }

    private static Status InsertSingleMemory128(Vcpu cpu, Op* op)
    {
        if (!cpu.Read<uint>(op, out var value))
            return cpu.FaultOrExit;
        cpu.SetVex128(op->Reg0, InsertSingle(cpu.Xmm<uint>(op->Reg1), value, (int)op->Immediate));
        return Status.Next;
    }
}
