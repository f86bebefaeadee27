using System.Buffers.Binary;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Interpreter.Instructions.StateSaving;

/// <summary>FXSAVE, FXRSTOR and their 64-bit forms.</summary>
internal static unsafe class FxsaveInstructions
{
    private const int AlignmentMask = 15;

    public static void Register(HandlerTable table)
    {
        table.Add(Code.Fxsave_m512byte, &Save, Guard.Fxsave);
        table.Add(Code.Fxsave64_m512byte, &SaveWide, Guard.Fxsave);
        table.Add(Code.Fxrstor_m512byte, &Restore, Guard.Fxsave);
        table.Add(Code.Fxrstor64_m512byte, &RestoreWide, Guard.Fxsave);
    }

    private static Status Save(Vcpu cpu, Op* op) => Save(cpu, op, wide: false);

    private static Status SaveWide(Vcpu cpu, Op* op) => Save(cpu, op, wide: true);

    private static Status Restore(Vcpu cpu, Op* op) => Restore(cpu, op, wide: false);

    private static Status RestoreWide(Vcpu cpu, Op* op) => Restore(cpu, op, wide: true);

    /// <summary>XMM registers in the image: none in 64-bit supervisor mode with EFER.FFXSR (APM 2 11.4.4.1).</summary>
    private static int VectorCount(Vcpu cpu) =>
        !cpu.Is64BitMode ? 8 : (cpu.Msr.Efer & EferBits.FastFxsr) != 0 && cpu.Cpl == 0 ? 0 : 16;

    private static Status Save(Vcpu cpu, Op* op, bool wide)
    {
        if (!cpu.LinearOperand(op, LegacyRegion.Size, AccessKind.Write, out var linear))
            return cpu.FaultOrExit;
        if (!CheckAddress(cpu, op, linear))
            return cpu.FaultOrExit;
        // All 512 bytes must be writable, though fewer are written; processors look at the last one first.
        if (!cpu.ProbeWrite(op->Segment, linear + LegacyRegion.Size - 1, 1) || !cpu.ProbeWrite(op->Segment, linear, LegacyRegion.Size))
            return cpu.FaultOrExit;
        Span<byte> area = stackalloc byte[LegacyRegion.Size];
        LegacyRegion.SaveControl(cpu, wide, area);
        LegacyRegion.SaveMxcsr(cpu, area);
        LegacyRegion.SaveRegisters(cpu.Fpu, area[LegacyRegion.RegistersOffset..]);
        var vectors = VectorCount(cpu);
        LegacyRegion.SaveVectors(cpu.Fpu, vectors, area[LegacyRegion.VectorsOffset..]);
        // What follows the last register belongs to software, or is left alone by this form.
        var length = LegacyRegion.VectorsOffset + LegacyRegion.VectorSize * vectors;
        if (LegacyRegion.SavesPointers(cpu))
            return cpu.WriteBytes(op->Segment, linear, area[..length], cpu.CurrentMmuMode) ? Status.Next : cpu.FaultOrExit;
        return cpu.WriteBytes(op->Segment, linear, area[..6], cpu.CurrentMmuMode)
            && cpu.WriteBytes(op->Segment, linear + LegacyRegion.ControlSize, area[LegacyRegion.ControlSize..length], cpu.CurrentMmuMode)
            ? Status.Next : cpu.FaultOrExit;
    }

    // An address that is not canonical raises its own fault before a misaligned one does, which through SS is another one.
    private static bool CheckAddress(Vcpu cpu, Op* op, ulong linear)
    {
        if (!cpu.CheckCanonical(op->Segment, linear, LegacyRegion.Size))
            return false;
        if ((linear & AlignmentMask) == 0)
            return true;
        cpu.RaiseGeneralProtection();
        return false;
    }

    private static Status Restore(Vcpu cpu, Op* op, bool wide)
    {
        if (!cpu.LinearOperand(op, LegacyRegion.Size, AccessKind.Read, out var linear))
            return cpu.FaultOrExit;
        if (!CheckAddress(cpu, op, linear))
            return cpu.FaultOrExit;
        Span<byte> area = stackalloc byte[LegacyRegion.Size];
        if (!cpu.ReadBytes(op->Segment, linear, area, AccessKind.Read, cpu.CurrentMmuMode))
            return cpu.FaultOrExit;
        var mxcsr = BinaryPrimitives.ReadUInt32LittleEndian(area[LegacyRegion.MxcsrOffset..]);
        if ((mxcsr & ~LegacyRegion.MxcsrMask(cpu)) != 0)
            return cpu.RaiseGeneralProtection();
        LegacyRegion.LoadX87(cpu, ref cpu.Fpu, wide, area);
        cpu.Fpu.Mxcsr = mxcsr;
        LegacyRegion.LoadVectors(ref cpu.Fpu, VectorCount(cpu), area[LegacyRegion.VectorsOffset..]);
        return Status.Next;
    }
}
