using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions.X87;
using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Instructions.Mmx;

/// <summary>Moves, shuffles, inserts and extracts on MMX registers, and EMMS.</summary>
internal static unsafe class MmxMoveInstructions
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Emms, &Empty, Guard.Mmx);
        table.Add(Code.Movd_mm_rm32, &FromGeneral<uint>, &FromMemory32, Guard.Mmx);
        table.Add(Code.Movq_mm_rm64, &FromGeneral<ulong>, &FromMemory64, Guard.Mmx);
        table.Add(Code.Movd_rm32_mm, &ToGeneral<uint>, &ToMemory32, Guard.Mmx);
        table.Add(Code.Movq_rm64_mm, &ToGeneral<ulong>, &ToMemory64, Guard.Mmx);
        table.Add(Code.Movq_mmm64_mm, &Copy, &ToMemory64, Guard.Mmx);
        table.Add(Code.Movntq_m64_mm, &ToMemory64, Guard.Mmx);
        table.Add(Code.Maskmovq_rDI_mm_mm, &ToMaskedMemory, Guard.Mmx);
        table.Add(Code.Pshufw_mm_mmm64_imm8, &Shuffle, &ShuffleMemory, Guard.Mmx);
        table.Add(Code.Palignr_mm_mmm64_imm8, &Align, &AlignMemory, Guard.Mmx);
        table.Add(Code.Pinsrw_mm_r32m16_imm8, &Insert, &InsertMemory, Guard.Mmx);
        table.Add(Code.Pinsrw_mm_r64m16_imm8, &Insert, &InsertMemory, Guard.Mmx);
        table.Add(Code.Pextrw_r32_mm_imm8, &Extract, Guard.Mmx);
        table.Add(Code.Pextrw_r64_mm_imm8, &Extract, Guard.Mmx);
        table.Add(Code.Pmovmskb_r32_mm, &Mask, Guard.Mmx);
        table.Add(Code.Pmovmskb_r64_mm, &Mask, Guard.Mmx);
        table.Add(Code.Movq2dq_xmm_mm, &ToVector, Guard.Sse);
        table.Add(Code.Movdq2q_mm_xmm, &FromVector, Guard.Sse);
    }

    private static Status Empty(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        MmxUnit.Enter(cpu);
        cpu.Fpu.TagWord = 0;
        return Status.Next;
    }

    private static Status FromGeneral<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        var value = cpu.R64(op->Reg1);
        return Put(cpu, op, sizeof(T) == sizeof(uint) ? (uint)value : value);
    }

    private static Status FromMemory32(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        return cpu.Read(op, out uint value) ? Put(cpu, op, value) : cpu.FaultOrExit;
    }

    private static Status FromMemory64(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        return cpu.Read(op, out ulong value) ? Put(cpu, op, value) : cpu.FaultOrExit;
    }

    private static Status Put(Vcpu cpu, Op* op, ulong value)
    {
        MmxUnit.Enter(cpu);
        MmxUnit.Set(cpu, op->Reg0, value);
        return Status.Next;
    }

    private static Status ToGeneral<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        MmxUnit.Enter(cpu);
        var value = MmxUnit.Get(cpu, op->Reg1);
        cpu.R64(op->Reg0) = sizeof(T) == sizeof(uint) ? (uint)value : value;
        return Status.Next;
    }

    private static Status ToMemory32(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        if (!cpu.Write(op, (uint)MmxUnit.Get(cpu, op->Reg1)))
            return cpu.FaultOrExit;
        MmxUnit.Enter(cpu);
        return Status.Next;
    }

    private static Status ToMemory64(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        if (!cpu.Write(op, MmxUnit.Get(cpu, op->Reg1)))
            return cpu.FaultOrExit;
        MmxUnit.Enter(cpu);
        return Status.Next;
    }

    private static Status Copy(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        return Put(cpu, op, MmxUnit.Get(cpu, op->Reg1));
    }

    // Bytes whose mask bit is clear are neither written nor faulted on.
    private static Status ToMaskedMemory(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        var value = MmxUnit.Get(cpu, op->Reg1);
        var mask = MmxUnit.Get(cpu, op->Reg2);
        var offset = Vcpu.WrapAddress(op->Flags, cpu.R64(RegisterFile.Rdi));
        for (var store = 0; store < 2; store++)
        {
            for (var i = 0; i < 8; i++)
            {
                if ((mask >> (8 * i) & 0x80) == 0)
                    continue;
                if (!cpu.Segmented(op->Segment, Vcpu.WrapAddress(op->Flags, offset + (ulong)i), 1, AccessKind.Write, out var linear))
                    return cpu.FaultOrExit;
                // First see that all of them can be written, then write.
                if (!(store == 0 ? cpu.ProbeWrite(op->Segment, linear, 1) : cpu.WriteLinear(op->Segment, linear, (byte)(value >> (8 * i)))))
                    return cpu.FaultOrExit;
            }
        }
        MmxUnit.Enter(cpu);
        return Status.Next;
    }

    private static Status Shuffle(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        return Put(cpu, op, ShuffleWords(MmxUnit.Get(cpu, op->Reg1), op->Immediate));
    }

    private static Status ShuffleMemory(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        return cpu.Read(op, out ulong value) ? Put(cpu, op, ShuffleWords(value, op->Immediate)) : cpu.FaultOrExit;
    }

    private static ulong ShuffleWords(ulong value, ulong order)
    {
        ulong result = 0;
        for (var i = 0; i < 4; i++)
            result |= (value >> ((int)(order >> (2 * i) & 3) * 16) & 0xFFFF) << (16 * i);
        return result;
    }

    private static Status Align(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        return Put(cpu, op, AlignPair(MmxUnit.Get(cpu, op->Reg0), MmxUnit.Get(cpu, op->Reg1), (byte)op->Immediate));
    }

    private static Status AlignMemory(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        return cpu.Read(op, out ulong low)
            ? Put(cpu, op, AlignPair(MmxUnit.Get(cpu, op->Reg0), low, (byte)op->Immediate)) : cpu.FaultOrExit;
    }

    private static ulong AlignPair(ulong high, ulong low, int bytes) =>
        bytes >= 16 ? 0 : (ulong)(new UInt128(high, low) >> (8 * bytes));

    private static Status Insert(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        return Put(cpu, op, InsertWord(MmxUnit.Get(cpu, op->Reg0), cpu.Reg<ushort>(op->Reg1), op->Immediate));
    }

    private static Status InsertMemory(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        return cpu.Read(op, out ushort word)
            ? Put(cpu, op, InsertWord(MmxUnit.Get(cpu, op->Reg0), word, op->Immediate)) : cpu.FaultOrExit;
    }

    private static ulong InsertWord(ulong value, ushort word, ulong position)
    {
        var shift = (int)(position & 3) * 16;
        return (value & ~(0xFFFFUL << shift)) | ((ulong)word << shift);
    }

    private static Status Extract(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        MmxUnit.Enter(cpu);
        cpu.R64(op->Reg0) = (ushort)(MmxUnit.Get(cpu, op->Reg1) >> ((int)(op->Immediate & 3) * 16));
        return Status.Next;
    }

    private static Status Mask(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        MmxUnit.Enter(cpu);
        // The multiplication gathers the eight sign bits in the top byte.
        cpu.R64(op->Reg0) = (MmxUnit.Get(cpu, op->Reg1) >> 7 & 0x0101_0101_0101_0101) * 0x0102_0408_1020_4080 >> 56;
        return Status.Next;
    }

    private static Status ToVector(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        MmxUnit.Enter(cpu);
        ref VectorRegister register = ref cpu.Fpu.Vectors[op->Reg0];
        (register[0], register[1]) = (MmxUnit.Get(cpu, op->Reg1), 0);
        return Status.Next;
    }

    private static Status FromVector(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        return Put(cpu, op, cpu.Fpu.Vectors[op->Reg1][0]);
    }
}
