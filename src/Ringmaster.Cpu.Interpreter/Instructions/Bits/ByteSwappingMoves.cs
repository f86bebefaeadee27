using System.Buffers.Binary;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Bits;

/// <summary>MOVBE.</summary>
internal static unsafe class ByteSwappingMoves
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Movbe_r16_m16, null, &Load16);
        table.Add(Code.Movbe_r32_m32, null, &Load32);
        table.Add(Code.Movbe_r64_m64, null, &Load64);
        table.Add(Code.Movbe_m16_r16, null, &Store16);
        table.Add(Code.Movbe_m32_r32, null, &Store32);
        table.Add(Code.Movbe_m64_r64, null, &Store64);
    }

    private static Status Load16(Vcpu cpu, Op* op)
    {
        if (!cpu.Read<ushort>(op, out var value))
            return cpu.FaultOrExit;
        cpu.SetReg(op->Reg0, BinaryPrimitives.ReverseEndianness(value));
        return Status.Next;
    }

    private static Status Load32(Vcpu cpu, Op* op)
    {
        if (!cpu.Read<uint>(op, out var value))
            return cpu.FaultOrExit;
        cpu.SetReg(op->Reg0, BinaryPrimitives.ReverseEndianness(value));
        return Status.Next;
    }

    private static Status Load64(Vcpu cpu, Op* op)
    {
        if (!cpu.Read<ulong>(op, out var value))
            return cpu.FaultOrExit;
        cpu.SetReg(op->Reg0, BinaryPrimitives.ReverseEndianness(value));
        return Status.Next;
    }

    private static Status Store16(Vcpu cpu, Op* op) =>
        cpu.Write(op, BinaryPrimitives.ReverseEndianness(cpu.Reg<ushort>(op->Reg1))) ? Status.Next : cpu.FaultOrExit;

    private static Status Store32(Vcpu cpu, Op* op) =>
        cpu.Write(op, BinaryPrimitives.ReverseEndianness(cpu.Reg<uint>(op->Reg1))) ? Status.Next : cpu.FaultOrExit;

    private static Status Store64(Vcpu cpu, Op* op) =>
        cpu.Write(op, BinaryPrimitives.ReverseEndianness(cpu.Reg<ulong>(op->Reg1))) ? Status.Next : cpu.FaultOrExit;
}
