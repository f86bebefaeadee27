using System.Buffers.Binary;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Interpreter.Instructions.StateSaving;

/// <summary>XSAVE, XSAVEOPT, XSAVEC, XSAVES (SDM 1 13.7, 13.9 to 13.11).</summary>
/// <remarks>
/// The init optimisation is made where it is allowed (all but XSAVE). The modified optimisation never is: what XSAVEOPT and
/// XSAVES may leave out because it has not changed since the last XRSTOR is always written.
/// </remarks>
internal static unsafe class XsaveInstructions
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Xsave_mem, &Save, Guard.Xsave);
        table.Add(Code.Xsave64_mem, &SaveWide, Guard.Xsave);
        table.Add(Code.Xsaveopt_mem, &SaveOptimized, Guard.Xsave);
        table.Add(Code.Xsaveopt64_mem, &SaveOptimizedWide, Guard.Xsave);
        table.Add(Code.Xsavec_mem, &SaveCompacted, Guard.Xsave);
        table.Add(Code.Xsavec64_mem, &SaveCompactedWide, Guard.Xsave);
        table.Add(Code.Xsaves_mem, &SaveSupervisor, Guard.Xsave);
        table.Add(Code.Xsaves64_mem, &SaveSupervisorWide, Guard.Xsave);
    }

    /// <summary>EDX:EAX: the components that an instruction asks for.</summary>
    public static ulong Requested(Vcpu cpu) =>
        cpu.Reg<uint>(RegisterFile.Rax) | ((ulong)cpu.Reg<uint>(RegisterFile.Rdx) << 32);

    private static Status Save(Vcpu cpu, Op* op) => Standard(cpu, op, wide: false, optimized: false);

    private static Status SaveWide(Vcpu cpu, Op* op) => Standard(cpu, op, wide: true, optimized: false);

    private static Status SaveOptimized(Vcpu cpu, Op* op) => Standard(cpu, op, wide: false, optimized: true);

    private static Status SaveOptimizedWide(Vcpu cpu, Op* op) => Standard(cpu, op, wide: true, optimized: true);

    private static Status SaveCompacted(Vcpu cpu, Op* op) => Compacted(cpu, op, wide: false, cpu.Xcr0);

    private static Status SaveCompactedWide(Vcpu cpu, Op* op) => Compacted(cpu, op, wide: true, cpu.Xcr0);

    private static Status SaveSupervisor(Vcpu cpu, Op* op) => Supervisor(cpu, op, wide: false);

    private static Status SaveSupervisorWide(Vcpu cpu, Op* op) => Supervisor(cpu, op, wide: true);

    private static Status Supervisor(Vcpu cpu, Op* op, bool wide) =>
        cpu.Cpl != 0 ? cpu.RaiseGeneralProtection() : Compacted(cpu, op, wide, cpu.Xcr0 | cpu.Msr.Xss);

    private static Status Standard(Vcpu cpu, Op* op, bool wide, bool optimized)
    {
        var requested = Requested(cpu) & cpu.Xcr0;
        var size = XsaveLayout.SizeOfArea(cpu, requested, components: 0);
        if (!cpu.LinearOperand(op, size, AccessKind.Write, out var linear))
            return cpu.FaultOrExit;
        if ((linear & XsaveLayout.AlignmentMask) != 0)
            return cpu.RaiseGeneralProtection();
        Span<byte> field = stackalloc byte[8];
        if (!cpu.ReadBytes(op->Segment, linear + XsaveLayout.HeaderOffset, field, AccessKind.Write, cpu.CurrentMmuMode))
            return cpu.FaultOrExit;
        var inUse = StateImage.InUse(cpu);
        var present = BinaryPrimitives.ReadUInt64LittleEndian(field);
        BinaryPrimitives.WriteUInt64LittleEndian(field, (present & ~requested) | (inUse & requested));
        // MXCSR goes with SSE and with AVX, whether in use or not (SDM 1 13.7).
        var mxcsr = (requested & (StateComponent.SseBit | StateComponent.AvxBit)) != 0;
        return Components(cpu, op, linear, optimized ? requested & inUse : requested, mxcsr, components: 0, wide)
            && cpu.WriteBytes(op->Segment, linear + XsaveLayout.HeaderOffset, field, cpu.CurrentMmuMode)
            ? Status.Next : cpu.FaultOrExit;
    }

    private static Status Compacted(Vcpu cpu, Op* op, bool wide, ulong enabled)
    {
        var requested = Requested(cpu) & enabled;
        var components = requested | XsaveLayout.Compacted;
        var size = XsaveLayout.SizeOfArea(cpu, requested, components);
        if (!cpu.LinearOperand(op, size, AccessKind.Write, out var linear))
            return cpu.FaultOrExit;
        if ((linear & XsaveLayout.AlignmentMask) != 0)
            return cpu.RaiseGeneralProtection();
        var present = StateImage.InUse(cpu) & requested;
        if ((requested & StateComponent.SseBit) != 0 && StateImage.IsMxcsrInUse(cpu.Fpu))
            present |= StateComponent.SseBit;
        Span<byte> header = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(header, present);
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], components);
        return Components(cpu, op, linear, present, (present & StateComponent.SseBit) != 0, components, wide)
            && cpu.WriteBytes(op->Segment, linear + XsaveLayout.HeaderOffset, header, cpu.CurrentMmuMode)
            ? Status.Next : cpu.FaultOrExit;
    }

    private static bool Components(Vcpu cpu, Op* op, ulong linear, ulong saved, bool mxcsr, ulong components, bool wide)
    {
        Span<byte> bytes = stackalloc byte[StateImage.LargestComponent];
        if ((saved & StateComponent.X87Bit) != 0)
        {
            LegacyRegion.SaveControl(cpu, wide, bytes);
            var length = LegacyRegion.SavesPointers(cpu) ? LegacyRegion.ControlSize : 6;
            if (!cpu.WriteBytes(op->Segment, linear, bytes[..length], cpu.CurrentMmuMode))
                return false;
            LegacyRegion.SaveRegisters(cpu.Fpu, bytes);
            if (!cpu.WriteBytes(op->Segment, linear + LegacyRegion.RegistersOffset, bytes[..LegacyRegion.RegistersSize], cpu.CurrentMmuMode))
                return false;
        }
        if (mxcsr)
        {
            LegacyRegion.SaveMxcsr(cpu, bytes);
            if (!cpu.WriteBytes(op->Segment, linear + LegacyRegion.MxcsrOffset, bytes.Slice(LegacyRegion.MxcsrOffset, 8), cpu.CurrentMmuMode))
                return false;
        }
        if ((saved & StateComponent.SseBit) != 0)
        {
            var count = StateImage.VectorCount(cpu);
            LegacyRegion.SaveVectors(cpu.Fpu, count, bytes);
            if (!cpu.WriteBytes(op->Segment, linear + LegacyRegion.VectorsOffset, bytes[..(count * LegacyRegion.VectorSize)],
                cpu.CurrentMmuMode))
                return false;
        }
        for (var i = 2; i < 63; i++)
        {
            if ((saved >> i & 1) == 0)
                continue;
            var component = bytes[..XsaveLayout.SizeOf(cpu, i)];
            StateImage.Save(cpu, i, component);
            if (!cpu.WriteBytes(op->Segment, linear + (ulong)XsaveLayout.OffsetOf(cpu, i, components), component, cpu.CurrentMmuMode))
                return false;
        }
        return true;
    }
}
