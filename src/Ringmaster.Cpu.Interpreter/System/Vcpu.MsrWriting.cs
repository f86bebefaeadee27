using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>WRMSR, with the rules of each register.</summary>
internal unsafe partial class Vcpu
{
    // Fast strings, thermal control, SpeedStep, MONITOR, CPUID limit, xTPR; the read-only bits say "no BTS, no PEBS".
    private const ulong MiscEnableWritable = 0x00C5_0009, MiscEnableReadOnly = 0x1880;

    /// <summary>Writes a model-specific register.</summary>
    /// <returns>False with #GP(0) or a question pending, and nothing changed.</returns>
    internal bool WriteMsr(uint index, ulong value) => WriteOwnMsr(index, value) switch
    {
        MsrAccess.Done => true,
        MsrAccess.Refused => Fail(Vector.GeneralProtection, 0),
        _ => Ask(Exits.VmExit.MsrWrite(index, value), out _),
    };

    private MsrAccess WriteOwnMsr(uint index, ulong value)
    {
        if (!HasMsr(index))
            return MsrAccess.Elsewhere;
        if (WriteMtrr(index, value) is var mtrr and not MsrAccess.Elsewhere)
            return mtrr;
        if (index is MsrIndex.Efer or MsrIndex.Star or MsrIndex.Lstar or MsrIndex.Fmask)
            LevelChangesChanged();
        switch (index)
        {
            case MsrIndex.TimeStamp:
                WriteTimeStamp(value);
                return MsrAccess.Done;
            case MsrIndex.TscAdjust:
                WriteTimeStampAdjust(value);
                return MsrAccess.Done;
            case MsrIndex.SpecControl:
                return Set(ref Msr.SpecControl, value, (value & ~SpecControlAllowed) == 0);
            case MsrIndex.PredictionCommand or MsrIndex.FlushCommand:
                // One bit that starts an action; there is nothing here to flush.
                return value <= 1 ? MsrAccess.Done : MsrAccess.Refused;
            case MsrIndex.SysenterCs:
                return Set(ref Msr.SysenterCs, (uint)value, true);
            case MsrIndex.SysenterEsp:
                return SetSysenter(ref Msr.SysenterEsp, value);
            case MsrIndex.SysenterEip:
                return SetSysenter(ref Msr.SysenterEip, value);
            case MsrIndex.MiscEnable:
                return Set(ref Msr.MiscEnable, (value & MiscEnableWritable) | (Msr.MiscEnable & MiscEnableReadOnly),
                    (value & ~(MiscEnableWritable | MiscEnableReadOnly)) == 0);
            case MsrIndex.DebugControl:
                return Set(ref Msr.DebugControl, value, (value & ~(Features.IsAmd ? 0x3FUL : 0x5FC3UL)) == 0);
            case MsrIndex.Pat:
                return Set(ref Msr.Pat, value, AreTypes(value, isPat: true));
            case MsrIndex.Xss:
                var components = Cpuid[0xD, 1];
                return Set(ref Msr.Xss, value, (value & ~(components.Ecx | ((ulong)components.Edx << 32))) == 0);
            case MsrIndex.Efer:
                return WriteEfer(value);
            case MsrIndex.Star:
                return Set(ref Msr.Star, value, true);
            case MsrIndex.Lstar:
                return Set(ref Msr.Lstar, value, IsCanonicalBase(value));
            case MsrIndex.Cstar:
                return Set(ref Msr.Cstar, value, IsCanonicalBase(value));
            case MsrIndex.Fmask:
                return Set(ref Msr.Fmask, value, value >> 32 == 0);
            case MsrIndex.FsBase or MsrIndex.GsBase:
                return IsCanonicalBase(value) ? SetBase(index == MsrIndex.FsBase ? SegmentIndex.Fs : SegmentIndex.Gs, value) : MsrAccess.Refused;
            case MsrIndex.KernelGsBase:
                return Set(ref Msr.KernelGsBase, value, IsCanonicalBase(value));
            case MsrIndex.TscAux:
                // AMD ignores the upper half, Intel reserves it.
                return Set(ref Msr.TscAux, (uint)value, Features.IsAmd || value >> 32 == 0);
            default:
                return MsrAccess.Elsewhere;
        }
    }

    /// <summary>What SYSCALL, SYSRET and IRET do is about to change.</summary>
    internal virtual void LevelChangesChanged()
    {
    }

    private static MsrAccess Set(ref ulong register, ulong value, bool legal)
    {
        if (!legal)
            return MsrAccess.Refused;
        register = value;
        return MsrAccess.Done;
    }

    // AMD processors do not have SYSENTER in long mode, and 32 bits of these registers.
    private MsrAccess SetSysenter(ref ulong register, ulong value) =>
        Features.IsAmd ? Set(ref register, (uint)value, true) : Set(ref register, value, IsCanonicalBase(value));

    private MsrAccess SetBase(int segment, ulong value)
    {
        WriteBase(segment, value);
        return MsrAccess.Done;
    }

    /// <summary>Writes the base of FS or GS.</summary>
    internal void WriteBase(int segment, ulong value)
    {
        Segments[segment] = Segments[segment] with { Base = value };
        UpdateBase(segment);
    }

    private MsrAccess WriteEfer(ulong value)
    {
        value &= ~EferBits.LongModeActive;
        if ((value & ~EferAllowed) != 0)
            return MsrAccess.Refused;
        var changed = value ^ Msr.Efer;
        if ((changed & EferBits.LongModeEnable) != 0 && (Cr0 & Cr0Bits.Paging) != 0)
            return MsrAccess.Refused;
        Msr.Efer = value | (Msr.Efer & EferBits.LongModeActive);
        if ((changed & EferBits.NoExecute) != 0)
            FlushTlb(TlbFlush.All);
        return MsrAccess.Done;
    }

    private ulong EferAllowed
    {
        get
        {
            const ulong translationCacheExtension = 1 << 15, automaticIbrs = 1 << 21;
            return If(Features.Syscall, EferBits.Syscall) | If(Features.LongMode, EferBits.LongModeEnable)
                | If(Features.Nx, EferBits.NoExecute) | If(Features.Svm, EferBits.Svme) | If(Features.Ffxsr, EferBits.FastFxsr)
                | If((Cpuid[0x8000_0001, 0].Ecx >> 17 & 1) != 0, translationCacheExtension)
                | If((Cpuid[0x8000_0021, 0].Eax >> 8 & 1) != 0, automaticIbrs);

            static ulong If(bool present, ulong bit) => present ? bit : 0;
        }
    }

    /// <summary>IBRS, STIBP, SSBD, PSFD and BHI_DIS_S, as the vendor's CPUID leaf announces them.</summary>
    private ulong SpecControlAllowed
    {
        get
        {
            const ulong ibrs = 1, stibp = 2, ssbd = 4, psfd = 0x80, bhiDisS = 0x400;
            var intel = Cpuid[7, 0].Edx;
            var amd = Cpuid[0x8000_0008, 0].Ebx;
            return ((intel >> 26 & 1) != 0 || (amd >> 14 & 1) != 0 ? ibrs : 0)
                | ((intel >> 27 & 1) != 0 || (amd >> 15 & 1) != 0 ? stibp : 0)
                | ((intel >> 31 & 1) != 0 || (amd >> 24 & 1) != 0 ? ssbd : 0)
                | ((amd >> 28 & 1) != 0 ? psfd : 0)
                | ((Cpuid[7, 2].Edx >> 4 & 1) != 0 ? bhiDisS : 0);
        }
    }
}
