using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>RDMSR, WRMSR, SWAPGS and the FSGSBASE instructions.</summary>
internal static unsafe class MsrInstructions
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Rdmsr, &Read);
        table.Add(Code.Wrmsr, &Write);
        table.Add(Code.Swapgs, &SwapGs);
        table.Add(Code.Rdfsbase_r32, &ReadBase<Fs, uint>);
        table.Add(Code.Rdfsbase_r64, &ReadBase<Fs, ulong>);
        table.Add(Code.Rdgsbase_r32, &ReadBase<Gs, uint>);
        table.Add(Code.Rdgsbase_r64, &ReadBase<Gs, ulong>);
        table.Add(Code.Wrfsbase_r32, &WriteBase<Fs, uint>);
        table.Add(Code.Wrfsbase_r64, &WriteBase<Fs, ulong>);
        table.Add(Code.Wrgsbase_r32, &WriteBase<Gs, uint>);
        table.Add(Code.Wrgsbase_r64, &WriteBase<Gs, ulong>);
    }

    private static Status Read(Vcpu cpu, Op* op)
    {
        if (cpu.Cpl != 0)
            return cpu.RaiseGeneralProtection();
        if (!cpu.ReadMsr(cpu.Reg<uint>(RegisterFile.Rcx), out var value))
            return cpu.FaultOrExit;
        cpu.R64(RegisterFile.Rax) = (uint)value;
        cpu.R64(RegisterFile.Rdx) = value >> 32;
        return Status.Next;
    }

    private static Status Write(Vcpu cpu, Op* op)
    {
        if (cpu.Cpl != 0)
            return cpu.RaiseGeneralProtection();
        var value = cpu.Reg<uint>(RegisterFile.Rax) | ((ulong)cpu.Reg<uint>(RegisterFile.Rdx) << 32);
        Vcpu.Serialize();
        // EFER.NXE decides whether the next instruction may be fetched at all.
        return cpu.WriteMsr(cpu.Reg<uint>(RegisterFile.Rcx), value) ? cpu.GoOn(op) : cpu.FaultOrExit;
    }

    private static Status SwapGs(Vcpu cpu, Op* op)
    {
        if (!cpu.Is64BitMode)
            return cpu.RaiseInvalidOpcode();
        if (cpu.Cpl != 0)
            return cpu.RaiseGeneralProtection();
        var kernel = cpu.Msr.KernelGsBase;
        cpu.Msr.KernelGsBase = cpu.SegmentOf(SegmentIndex.Gs).Base;
        cpu.WriteBase(SegmentIndex.Gs, kernel);
        return Status.Next;
    }

    private static Status ReadBase<TSegment, T>(Vcpu cpu, Op* op)
        where TSegment : struct, ISegmentName
        where T : unmanaged
    {
        if (!cpu.Is64BitMode || (cpu.Cr4 & Cr4Bits.Fsgsbase) == 0)
            return cpu.RaiseInvalidOpcode();
        var value = cpu.SegmentOf(TSegment.Index).Base;
        cpu.R64(op->Reg0) = sizeof(T) == 4 ? (uint)value : value;
        return Status.Next;
    }

    private static Status WriteBase<TSegment, T>(Vcpu cpu, Op* op)
        where TSegment : struct, ISegmentName
        where T : unmanaged
    {
        if (!cpu.Is64BitMode || (cpu.Cr4 & Cr4Bits.Fsgsbase) == 0)
            return cpu.RaiseInvalidOpcode();
        var value = cpu.R64(op->Reg0);
        if (sizeof(T) == 4)
            value = (uint)value;
        if (!cpu.IsCanonicalBase(value))
            return cpu.RaiseGeneralProtection();
        cpu.WriteBase(TSegment.Index, value);
        return Status.Next;
    }
}
