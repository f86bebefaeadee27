using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Integer;

/// <summary>EXTRQ and INSERTQ of SSE4a: bit fields of the low quadword (APM 4). A length of zero means 64.</summary>
internal static unsafe class BitFieldMoves
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Extrq_xmm_imm8_imm8, &ExtractByImmediate, null, Guard.Sse);
        table.Add(Code.Extrq_xmm_xmm, &ExtractByRegister, null, Guard.Sse);
        table.Add(Code.Insertq_xmm_xmm_imm8_imm8, &InsertByImmediate, null, Guard.Sse);
        table.Add(Code.Insertq_xmm_xmm, &InsertByRegister, null, Guard.Sse);
    }

    private static ulong Mask(int length) => length == 0 ? ulong.MaxValue : (1UL << length) - 1;

    private static Status ExtractByImmediate(Vcpu cpu, Op* op) =>
        Extract(cpu, op, (int)op->Immediate & 63, (int)(op->Immediate >> 32) & 63);

    private static Status ExtractByRegister(Vcpu cpu, Op* op)
    {
        var control = (int)cpu.Xmm<ulong>(op->Reg1).ToScalar();
        return Extract(cpu, op, control & 63, (control >> 8) & 63);
    }

    private static Status Extract(Vcpu cpu, Op* op, int length, int index)
    {
        ref var destination = ref cpu.Xmm<ulong>(op->Reg0);
        destination = Vector128.CreateScalar((destination.ToScalar() >> index) & Mask(length));
        return Status.Next;
    }

    private static Status InsertByImmediate(Vcpu cpu, Op* op) =>
        Insert(cpu, op, (int)op->Immediate & 63, (int)(op->Immediate >> 32) & 63);

    private static Status InsertByRegister(Vcpu cpu, Op* op)
    {
        var control = (int)cpu.Xmm<ulong>(op->Reg1).GetElement(1);
        return Insert(cpu, op, control & 63, (control >> 8) & 63);
    }

    private static Status Insert(Vcpu cpu, Op* op, int length, int index)
    {
        ref var destination = ref cpu.Xmm<ulong>(op->Reg0);
        var mask = Mask(length) << index;
        var field = (cpu.Xmm<ulong>(op->Reg1).ToScalar() << index) & mask;
        destination = Vector128.CreateScalar((destination.ToScalar() & ~mask) | field);
        return Status.Next;
    }
}
