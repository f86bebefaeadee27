namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>RDMSR.</summary>
internal unsafe partial class Vcpu
{
    // Eight variable ranges, fixed ranges, write-combining (SDM 3A 11.11.1).
    private const ulong MtrrCapabilities = 0x508;

    /// <summary>Reads a model-specific register.</summary>
    /// <returns>False with #GP(0) or a question pending.</returns>
    internal bool ReadMsr(uint index, out ulong value)
    {
        switch (ReadOwnMsr(index, out value))
        {
            case MsrAccess.Done:
                return true;
            case MsrAccess.Refused:
                return Fail(Vector.GeneralProtection, 0);
            default:
                return Ask(Exits.VmExit.MsrRead(index), out value);
        }
    }

    private MsrAccess ReadOwnMsr(uint index, out ulong value)
    {
        value = 0;
        if (!HasMsr(index))
            return MsrAccess.Elsewhere;
        switch (index)
        {
            case MsrIndex.PredictionCommand or MsrIndex.FlushCommand:
                return MsrAccess.Refused;
            case >= MsrIndex.FirstVariableMtrr and <= MsrIndex.LastVariableMtrr:
                value = Msr.MtrrVariable[(int)(index - MsrIndex.FirstVariableMtrr)];
                return MsrAccess.Done;
        }
        if (FixedMtrr(index) is var slot and >= 0)
        {
            value = Msr.MtrrFixed[slot];
            return MsrAccess.Done;
        }
        var known = true;
        value = index switch
        {
            MsrIndex.TimeStamp => TimeStamp,
            MsrIndex.TscAdjust => Msr.TscAdjust,
            MsrIndex.SpecControl => Msr.SpecControl,
            MsrIndex.MtrrCapabilities => MtrrCapabilities,
            MsrIndex.SysenterCs => Msr.SysenterCs,
            MsrIndex.SysenterEsp => Msr.SysenterEsp,
            MsrIndex.SysenterEip => Msr.SysenterEip,
            MsrIndex.MiscEnable => Msr.MiscEnable,
            MsrIndex.DebugControl => Msr.DebugControl,
            MsrIndex.Pat => Msr.Pat,
            MsrIndex.MtrrDefaultType => Msr.MtrrDefaultType,
            MsrIndex.Xss => Msr.Xss,
            MsrIndex.Efer => Msr.Efer,
            MsrIndex.Star => Msr.Star,
            MsrIndex.Lstar => Msr.Lstar,
            MsrIndex.Cstar => Msr.Cstar,
            MsrIndex.Fmask => Msr.Fmask,
            MsrIndex.FsBase => Segments[SegmentIndex.Fs].Base,
            MsrIndex.GsBase => Segments[SegmentIndex.Gs].Base,
            MsrIndex.KernelGsBase => Msr.KernelGsBase,
            MsrIndex.TscAux => Msr.TscAux,
            _ => Unknown(out known),
        };
        return known ? MsrAccess.Done : MsrAccess.Elsewhere;

        static ulong Unknown(out bool known)
        {
            known = false;
            return 0;
        }
    }

    /// <summary>Whether the CPU model has a register that not all have. True for registers unknown here.</summary>
    private bool HasMsr(uint index) => index switch
    {
        MsrIndex.TscAdjust => Features.TscAdjust,
        MsrIndex.SpecControl => Features.SpecCtrl,
        MsrIndex.PredictionCommand => Features.SpecCtrl || (Cpuid[0x8000_0008, 0].Ebx >> 12 & 1) != 0,
        MsrIndex.FlushCommand => (Cpuid[7, 0].Edx >> 28 & 1) != 0,
        MsrIndex.MiscEnable => !Features.IsAmd,
        MsrIndex.Xss => Features.Xsaves,
        MsrIndex.Efer => Features.Syscall || Features.LongMode || Features.Nx,
        MsrIndex.Star => Features.Syscall,
        MsrIndex.Lstar or MsrIndex.Cstar or MsrIndex.Fmask or MsrIndex.FsBase or MsrIndex.GsBase or MsrIndex.KernelGsBase => Features.LongMode,
        MsrIndex.TscAux => Features.Rdtscp || (Cpuid[7, 0].Ecx >> 22 & 1) != 0,
        MsrIndex.Pat => (Cpuid[1, 0].Edx >> 16 & 1) != 0,
        MsrIndex.MtrrCapabilities or MsrIndex.MtrrDefaultType or (>= MsrIndex.FirstVariableMtrr and <= MsrIndex.LastVariableMtrr)
            => HasMtrrs,
        _ => FixedMtrr(index) < 0 || HasMtrrs,
    };

    private bool HasMtrrs => (Cpuid[1, 0].Edx >> 12 & 1) != 0;

    /// <summary>Position of a fixed-range MTRR in the state, or -1.</summary>
    private static int FixedMtrr(uint index) => index switch
    {
        MsrIndex.MtrrFixed64K => 0,
        MsrIndex.MtrrFixed16K80000 => 1,
        MsrIndex.MtrrFixed16KA0000 => 2,
        >= MsrIndex.FirstMtrrFixed4K and <= MsrIndex.LastMtrrFixed4K => (int)(index - MsrIndex.FirstMtrrFixed4K) + 3,
        _ => -1,
    };
}
