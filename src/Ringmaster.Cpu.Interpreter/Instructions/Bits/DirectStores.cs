using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Interpreter.Instructions.Bits;

/// <summary>MOVNTI, MOVDIRI and MOVDIR64B.</summary>
internal static unsafe class DirectStores
{
    private const int Block = 64;

    public static void Register(HandlerTable table)
    {
        table.Add(Code.Movnti_m32_r32, null, &Store<uint>);
        table.Add(Code.Movnti_m64_r64, null, &Store<ulong>);
        table.Add(Code.Movdiri_m32_r32, null, &Store<uint>);
        table.Add(Code.Movdiri_m64_r64, null, &Store<ulong>);
        table.Add(Code.Movdir64b_r16_m512, null, &StoreBlock);
        table.Add(Code.Movdir64b_r32_m512, null, &StoreBlock);
        table.Add(Code.Movdir64b_r64_m512, null, &StoreBlock);
    }

    private static Status Store<T>(Vcpu cpu, Op* op) where T : unmanaged =>
        cpu.Write(op, cpu.Reg<T>(op->Reg1)) ? Status.Next : cpu.FaultOrExit;

    // The destination is ES:register, of the address size, and must be aligned (SDM 2B MOVDIR64B).
    private static Status StoreBlock(Vcpu cpu, Op* op)
    {
        if (!cpu.Read<Vector512<byte>>(op, out var value))
            return cpu.FaultOrExit;
        var offset = Vcpu.WrapAddress(op->Flags, cpu.R64(op->Reg0));
        if (!cpu.Segmented(SegmentIndex.Es, offset, Block, AccessKind.Write, out var linear))
            return cpu.FaultOrExit;
        if ((linear & (Block - 1)) != 0)
            return cpu.RaiseGeneralProtection();
        return cpu.WriteLinear(SegmentIndex.Es, linear, value) ? Status.Next : cpu.FaultOrExit;
    }
}
