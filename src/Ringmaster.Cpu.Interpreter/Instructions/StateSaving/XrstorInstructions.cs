using System.Buffers.Binary;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Interpreter.Instructions.StateSaving;

/// <summary>XRSTOR and XRSTORS (SDM 1 13.8, 13.12). Nothing changes unless all of the area can be read and is legal.</summary>
internal static unsafe class XrstorInstructions
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Xrstor_mem, &Restore, Guard.Xsave);
        table.Add(Code.Xrstor64_mem, &RestoreWide, Guard.Xsave);
        table.Add(Code.Xrstors_mem, &RestoreSupervisor, Guard.Xsave);
        table.Add(Code.Xrstors64_mem, &RestoreSupervisorWide, Guard.Xsave);
    }

    private static Status Restore(Vcpu cpu, Op* op) => Restore(cpu, op, wide: false, cpu.Xcr0, supervisor: false);

    private static Status RestoreWide(Vcpu cpu, Op* op) => Restore(cpu, op, wide: true, cpu.Xcr0, supervisor: false);

    private static Status RestoreSupervisor(Vcpu cpu, Op* op) => RestoreSupervisor(cpu, op, wide: false);

    private static Status RestoreSupervisorWide(Vcpu cpu, Op* op) => RestoreSupervisor(cpu, op, wide: true);

    private static Status RestoreSupervisor(Vcpu cpu, Op* op, bool wide) =>
        cpu.Cpl != 0 ? cpu.RaiseGeneralProtection() : Restore(cpu, op, wide, cpu.Xcr0 | cpu.Msr.Xss, supervisor: true);

    private static Status Restore(Vcpu cpu, Op* op, bool wide, ulong enabled, bool supervisor)
    {
        var requested = XsaveInstructions.Requested(cpu) & enabled;
        if (!cpu.LinearOperand(op, XsaveLayout.ExtendedOffset, AccessKind.Read, out var linear))
            return cpu.FaultOrExit;
        if ((linear & XsaveLayout.AlignmentMask) != 0)
            return cpu.RaiseGeneralProtection();
        Span<byte> area = stackalloc byte[XsaveLayout.ExtendedOffset];
        if (!cpu.ReadBytes(op->Segment, linear, area, AccessKind.Read, cpu.CurrentMmuMode))
            return cpu.FaultOrExit;
        var header = area[XsaveLayout.HeaderOffset..];
        var present = BinaryPrimitives.ReadUInt64LittleEndian(header);
        var components = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
        if (!IsLegal(cpu, header, present, components, enabled, supervisor))
            return cpu.RaiseGeneralProtection();
        var compacted = components != 0;
        var loaded = requested & present;
        if (!cpu.LinearOperand(op, XsaveLayout.SizeOfArea(cpu, loaded, components), AccessKind.Read, out linear))
            return cpu.FaultOrExit;

        var mxcsr = BinaryPrimitives.ReadUInt32LittleEndian(area[LegacyRegion.MxcsrOffset..]);
        var loadsMxcsr = compacted
            ? (loaded & StateComponent.SseBit) != 0
            : (requested & (StateComponent.SseBit | StateComponent.AvxBit)) != 0;
        if (loadsMxcsr && (mxcsr & ~LegacyRegion.MxcsrMask(cpu)) != 0)
            return cpu.RaiseGeneralProtection();

        var next = cpu.Fpu;
        var pkru = cpu.Pkru;
        if ((loaded & StateComponent.X87Bit) != 0)
            LegacyRegion.LoadX87(cpu, ref next, wide, area);
        else if ((requested & StateComponent.X87Bit) != 0)
            StateImage.InitializeX87(ref next);
        if ((loaded & StateComponent.SseBit) != 0)
            LegacyRegion.LoadVectors(ref next, StateImage.VectorCount(cpu), area[LegacyRegion.VectorsOffset..]);
        else if ((requested & StateComponent.SseBit) != 0)
            StateImage.InitializeSse(cpu, ref next);
        if (loadsMxcsr)
            next.Mxcsr = mxcsr;
        else if (compacted && (requested & StateComponent.SseBit) != 0)
            StateImage.InitializeMxcsr(ref next);

        Span<byte> bytes = stackalloc byte[StateImage.LargestComponent];
        for (var i = 2; i < 63; i++)
        {
            if ((requested >> i & 1) == 0)
                continue;
            bytes.Clear();
            if ((loaded >> i & 1) != 0 && !cpu.ReadBytes(op->Segment, linear + (ulong)XsaveLayout.OffsetOf(cpu, i, components),
                bytes[..XsaveLayout.SizeOf(cpu, i)], AccessKind.Read, cpu.CurrentMmuMode))
                return cpu.FaultOrExit;
            if (i == StateComponent.Pkru)
                pkru = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            else
                StateImage.Load(cpu, ref next, i, bytes);
        }
        cpu.Fpu = next;
        if (cpu.Pkru != pkru)
        {
            cpu.Pkru = pkru;
            // Cached translations carry the rights of their protection key.
            cpu.FlushTlb(TlbFlush.All);
        }
        return Status.Next;
    }

    private static bool IsLegal(Vcpu cpu, ReadOnlySpan<byte> header, ulong present, ulong components, ulong enabled, bool supervisor)
    {
        if ((components & XsaveLayout.Compacted) == 0)
        {
            // Bytes 8 to 23 must be zero, the rest of the header is not looked at.
            return !supervisor && components == 0 && BinaryPrimitives.ReadUInt64LittleEndian(header[16..]) == 0 && (present & ~enabled) == 0;
        }
        if (!supervisor && !cpu.Features.Xsavec)
            return false;
        return (components & ~XsaveLayout.Compacted & ~enabled) == 0 && (present & ~components) == 0
            && header[16..].IndexOfAnyExcept((byte)0) < 0;
    }
}
