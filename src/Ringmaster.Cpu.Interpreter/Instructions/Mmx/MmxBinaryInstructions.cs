using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions.X87;

namespace Ringmaster.Cpu.Interpreter.Instructions.Mmx;

/// <summary>MMX instructions with a register and a register or memory operand.</summary>
internal static unsafe class MmxBinaryInstructions
{
    public static void Register(HandlerTable table)
    {
        Add<MmxArithmetic.AddBytes>(table, Code.Paddb_mm_mmm64);
        Add<MmxArithmetic.AddWords>(table, Code.Paddw_mm_mmm64);
        Add<MmxArithmetic.AddDwords>(table, Code.Paddd_mm_mmm64);
        Add<MmxArithmetic.AddQword>(table, Code.Paddq_mm_mmm64);
        Add<MmxArithmetic.AddSaturatedBytes>(table, Code.Paddsb_mm_mmm64);
        Add<MmxArithmetic.AddSaturatedWords>(table, Code.Paddsw_mm_mmm64);
        Add<MmxArithmetic.AddUnsignedSaturatedBytes>(table, Code.Paddusb_mm_mmm64);
        Add<MmxArithmetic.AddUnsignedSaturatedWords>(table, Code.Paddusw_mm_mmm64);
        Add<MmxArithmetic.SubtractBytes>(table, Code.Psubb_mm_mmm64);
        Add<MmxArithmetic.SubtractWords>(table, Code.Psubw_mm_mmm64);
        Add<MmxArithmetic.SubtractDwords>(table, Code.Psubd_mm_mmm64);
        Add<MmxArithmetic.SubtractQword>(table, Code.Psubq_mm_mmm64);
        Add<MmxArithmetic.SubtractSaturatedBytes>(table, Code.Psubsb_mm_mmm64);
        Add<MmxArithmetic.SubtractSaturatedWords>(table, Code.Psubsw_mm_mmm64);
        Add<MmxArithmetic.SubtractUnsignedSaturatedBytes>(table, Code.Psubusb_mm_mmm64);
        Add<MmxArithmetic.SubtractUnsignedSaturatedWords>(table, Code.Psubusw_mm_mmm64);
        Add<MmxArithmetic.MultiplyLow>(table, Code.Pmullw_mm_mmm64);
        Add<MmxArithmetic.MultiplyHigh>(table, Code.Pmulhw_mm_mmm64);
        Add<MmxArithmetic.MultiplyHighUnsigned>(table, Code.Pmulhuw_mm_mmm64);
        Add<MmxArithmetic.MultiplyUnsignedDwords>(table, Code.Pmuludq_mm_mmm64);
        Add<MmxArithmetic.MultiplyAdd>(table, Code.Pmaddwd_mm_mmm64);
        Add<MmxArithmetic.SumOfDifferences>(table, Code.Psadbw_mm_mmm64);
        Add<MmxArithmetic.AverageBytes>(table, Code.Pavgb_mm_mmm64);
        Add<MmxArithmetic.AverageWords>(table, Code.Pavgw_mm_mmm64);
        Add<MmxArithmetic.MinimumBytes>(table, Code.Pminub_mm_mmm64);
        Add<MmxArithmetic.MaximumBytes>(table, Code.Pmaxub_mm_mmm64);
        Add<MmxArithmetic.MinimumWords>(table, Code.Pminsw_mm_mmm64);
        Add<MmxArithmetic.MaximumWords>(table, Code.Pmaxsw_mm_mmm64);
        Add<MmxLogic.And>(table, Code.Pand_mm_mmm64);
        Add<MmxLogic.AndNot>(table, Code.Pandn_mm_mmm64);
        Add<MmxLogic.Or>(table, Code.Por_mm_mmm64);
        Add<MmxLogic.Xor>(table, Code.Pxor_mm_mmm64);
        Add<MmxLogic.Move>(table, Code.Movq_mm_mmm64);
        Add<MmxLogic.EqualBytes>(table, Code.Pcmpeqb_mm_mmm64);
        Add<MmxLogic.EqualWords>(table, Code.Pcmpeqw_mm_mmm64);
        Add<MmxLogic.EqualDwords>(table, Code.Pcmpeqd_mm_mmm64);
        Add<MmxLogic.GreaterBytes>(table, Code.Pcmpgtb_mm_mmm64);
        Add<MmxLogic.GreaterWords>(table, Code.Pcmpgtw_mm_mmm64);
        Add<MmxLogic.GreaterDwords>(table, Code.Pcmpgtd_mm_mmm64);
        Add<MmxLogic.UnpackHighBytes>(table, Code.Punpckhbw_mm_mmm64);
        Add<MmxLogic.UnpackHighWords>(table, Code.Punpckhwd_mm_mmm64);
        Add<MmxLogic.UnpackHighDwords>(table, Code.Punpckhdq_mm_mmm64);
        Add<MmxLogic.PackWords>(table, Code.Packsswb_mm_mmm64);
        Add<MmxLogic.PackDwords>(table, Code.Packssdw_mm_mmm64);
        Add<MmxLogic.PackWordsUnsigned>(table, Code.Packuswb_mm_mmm64);
        Add<MmxLogic.ShiftLeftWords>(table, Code.Psllw_mm_mmm64);
        Add<MmxLogic.ShiftLeftDwords>(table, Code.Pslld_mm_mmm64);
        Add<MmxLogic.ShiftLeftQword>(table, Code.Psllq_mm_mmm64);
        Add<MmxLogic.ShiftRightWords>(table, Code.Psrlw_mm_mmm64);
        Add<MmxLogic.ShiftRightDwords>(table, Code.Psrld_mm_mmm64);
        Add<MmxLogic.ShiftRightQword>(table, Code.Psrlq_mm_mmm64);
        Add<MmxLogic.ShiftRightSignedWords>(table, Code.Psraw_mm_mmm64);
        Add<MmxLogic.ShiftRightSignedDwords>(table, Code.Psrad_mm_mmm64);
        Add<MmxSupplemental.ShuffleBytes>(table, Code.Pshufb_mm_mmm64);
        Add<MmxSupplemental.HorizontalAddWords>(table, Code.Phaddw_mm_mmm64);
        Add<MmxSupplemental.HorizontalAddDwords>(table, Code.Phaddd_mm_mmm64);
        Add<MmxSupplemental.HorizontalAddSaturatedWords>(table, Code.Phaddsw_mm_mmm64);
        Add<MmxSupplemental.HorizontalSubtractWords>(table, Code.Phsubw_mm_mmm64);
        Add<MmxSupplemental.HorizontalSubtractDwords>(table, Code.Phsubd_mm_mmm64);
        Add<MmxSupplemental.HorizontalSubtractSaturatedWords>(table, Code.Phsubsw_mm_mmm64);
        Add<MmxSupplemental.MultiplyAddUnsignedBytes>(table, Code.Pmaddubsw_mm_mmm64);
        Add<MmxSupplemental.MultiplyHighRounded>(table, Code.Pmulhrsw_mm_mmm64);
        Add<MmxSupplemental.SignBytes>(table, Code.Psignb_mm_mmm64);
        Add<MmxSupplemental.SignWords>(table, Code.Psignw_mm_mmm64);
        Add<MmxSupplemental.SignDwords>(table, Code.Psignd_mm_mmm64);
        Add<MmxSupplemental.AbsoluteBytes>(table, Code.Pabsb_mm_mmm64);
        Add<MmxSupplemental.AbsoluteWords>(table, Code.Pabsw_mm_mmm64);
        Add<MmxSupplemental.AbsoluteDwords>(table, Code.Pabsd_mm_mmm64);
        table.Add(Code.Punpcklbw_mm_mmm32, &Register<MmxLogic.UnpackLowBytes>, &LowMemory<MmxLogic.UnpackLowBytes>, Guard.Mmx);
        table.Add(Code.Punpcklwd_mm_mmm32, &Register<MmxLogic.UnpackLowWords>, &LowMemory<MmxLogic.UnpackLowWords>, Guard.Mmx);
        table.Add(Code.Punpckldq_mm_mmm32, &Register<MmxLogic.UnpackLowDwords>, &LowMemory<MmxLogic.UnpackLowDwords>, Guard.Mmx);
        table.Add(Code.Psllw_mm_imm8, &WithImmediate<MmxLogic.ShiftLeftWords>, Guard.Mmx);
        table.Add(Code.Pslld_mm_imm8, &WithImmediate<MmxLogic.ShiftLeftDwords>, Guard.Mmx);
        table.Add(Code.Psllq_mm_imm8, &WithImmediate<MmxLogic.ShiftLeftQword>, Guard.Mmx);
        table.Add(Code.Psrlw_mm_imm8, &WithImmediate<MmxLogic.ShiftRightWords>, Guard.Mmx);
        table.Add(Code.Psrld_mm_imm8, &WithImmediate<MmxLogic.ShiftRightDwords>, Guard.Mmx);
        table.Add(Code.Psrlq_mm_imm8, &WithImmediate<MmxLogic.ShiftRightQword>, Guard.Mmx);
        table.Add(Code.Psraw_mm_imm8, &WithImmediate<MmxLogic.ShiftRightSignedWords>, Guard.Mmx);
        table.Add(Code.Psrad_mm_imm8, &WithImmediate<MmxLogic.ShiftRightSignedDwords>, Guard.Mmx);
    }

    private static void Add<TOperation>(HandlerTable table, Code code) where TOperation : struct, IMmxOperation =>
        table.Add(code, &Register<TOperation>, &Memory<TOperation>, Guard.Mmx);

    private static Status Register<TOperation>(Vcpu cpu, Op* op) where TOperation : struct, IMmxOperation
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        MmxUnit.Enter(cpu);
        MmxUnit.Set(cpu, op->Reg0, TOperation.Apply(MmxUnit.Get(cpu, op->Reg0), MmxUnit.Get(cpu, op->Reg1)));
        return Status.Next;
    }

    private static Status Memory<TOperation>(Vcpu cpu, Op* op) where TOperation : struct, IMmxOperation
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        if (!cpu.Read(op, out ulong right))
            return cpu.FaultOrExit;
        MmxUnit.Enter(cpu);
        MmxUnit.Set(cpu, op->Reg0, TOperation.Apply(MmxUnit.Get(cpu, op->Reg0), right));
        return Status.Next;
    }

    // The low unpackings read four bytes only (SDM 2B PUNPCKLBW).
    private static Status LowMemory<TOperation>(Vcpu cpu, Op* op) where TOperation : struct, IMmxOperation
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        if (!cpu.Read(op, out uint right))
            return cpu.FaultOrExit;
        MmxUnit.Enter(cpu);
        MmxUnit.Set(cpu, op->Reg0, TOperation.Apply(MmxUnit.Get(cpu, op->Reg0), right));
        return Status.Next;
    }

    private static Status WithImmediate<TOperation>(Vcpu cpu, Op* op) where TOperation : struct, IMmxOperation
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        MmxUnit.Enter(cpu);
        MmxUnit.Set(cpu, op->Reg0, TOperation.Apply(MmxUnit.Get(cpu, op->Reg0), op->Immediate & 0xFF));
        return Status.Next;
    }
}
