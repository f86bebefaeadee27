using System.Collections.Frozen;
using Iced.Intel;

namespace Ringmaster.Differential.Tests.Generation;

/// <summary>Instructions that sequences do not contain, and why.</summary>
internal static class Exclusions
{
    private static readonly FrozenSet<Mnemonic> s_mnemonics = new[]
    {
        // They enter the host's kernel or hypervisor on purpose.
        Mnemonic.Syscall, Mnemonic.Sysenter, Mnemonic.Int, Mnemonic.Vmcall, Mnemonic.Vmmcall, Mnemonic.Vmgexit, Mnemonic.Vmfunc,
        // What they return differs from run to run, or from this host to the guest's model.
        Mnemonic.Cpuid, Mnemonic.Rdtsc, Mnemonic.Rdtscp, Mnemonic.Rdpmc, Mnemonic.Rdrand, Mnemonic.Rdseed, Mnemonic.Rdpid,
        Mnemonic.Xgetbv, Mnemonic.Rdpkru, Mnemonic.Wrpkru, Mnemonic.Rdpru,
        // XCR0 has more components on the host than in the guest.
        Mnemonic.Xsave, Mnemonic.Xsave64, Mnemonic.Xsavec, Mnemonic.Xsavec64, Mnemonic.Xsaveopt, Mnemonic.Xsaveopt64, Mnemonic.Xrstor,
        Mnemonic.Xrstor64,
        // Linux carries these out itself where UMIP forbids them.
        Mnemonic.Sgdt, Mnemonic.Sidt, Mnemonic.Sldt, Mnemonic.Str, Mnemonic.Smsw,
        // They show descriptors that the host's operating system made.
        Mnemonic.Lar, Mnemonic.Lsl, Mnemonic.Verr, Mnemonic.Verw,
        // The oracle's C library uses FS; segment registers are not put back between cases.
        Mnemonic.Rdfsbase, Mnemonic.Rdgsbase, Mnemonic.Wrfsbase, Mnemonic.Wrgsbase, Mnemonic.Lds, Mnemonic.Les, Mnemonic.Lfs,
        Mnemonic.Lgs, Mnemonic.Lss, Mnemonic.Iret, Mnemonic.Iretd, Mnemonic.Iretq, Mnemonic.Retf, Mnemonic.Uiret,
        // Hypervisors that intercept it report the instruction's own address, not the following one (APM 2 15.12.2).
        Mnemonic.Int1,
        // Waiting and transactions.
        Mnemonic.Monitor, Mnemonic.Monitorx, Mnemonic.Mwait, Mnemonic.Mwaitx, Mnemonic.Umonitor, Mnemonic.Umwait, Mnemonic.Tpause,
        Mnemonic.Xbegin, Mnemonic.Xabort, Mnemonic.Xend, Mnemonic.Xtest,
        // Its address is all of RAX, which the generator cannot aim at data.
        Mnemonic.Clzero,
        // Whether the host has them depends on what the hypervisor below it allows.
        Mnemonic.Enqcmd, Mnemonic.Enqcmds, Mnemonic.Pconfig, Mnemonic.Senduipi, Mnemonic.Clui, Mnemonic.Stui, Mnemonic.Testui,
        Mnemonic.Getsec, Mnemonic.Skinit, Mnemonic.Stgi, Mnemonic.Clgi, Mnemonic.Vmrun, Mnemonic.Vmload, Mnemonic.Vmsave,
        Mnemonic.Invlpga, Mnemonic.Psmash, Mnemonic.Pvalidate, Mnemonic.Rmpadjust, Mnemonic.Rmpupdate, Mnemonic.Invlpgb,
        Mnemonic.Tlbsync, Mnemonic.Sysexit, Mnemonic.Sysexitq, Mnemonic.Ptwrite, Mnemonic.Rsm,
    }.ToFrozenSet();

    /// <summary>
    /// x87 transcendentals: the manuals promise an error of less than one unit in the last place, not a bit pattern (SDM 1
    /// 8.3.10), so they are compared with a tolerance and only stand last in a sequence.
    /// </summary>
    private static readonly FrozenSet<Mnemonic> s_transcendental = new[]
    {
        Mnemonic.F2xm1, Mnemonic.Fyl2x, Mnemonic.Fyl2xp1, Mnemonic.Fptan, Mnemonic.Fpatan, Mnemonic.Fsin, Mnemonic.Fcos, Mnemonic.Fsincos,
    }.ToFrozenSet();

    /// <summary>Whether no sequence may contain an instruction.</summary>
    public static bool Contains(in Instruction instruction, bool is32Bit) =>
        Contains(instruction.Code) || WritesSegment(instruction) || (!is32Bit && UsesThreadSegment(instruction));

    /// <summary>Whether no sequence may contain instructions of a code.</summary>
    public static bool Contains(Code code)
    {
        var mnemonic = code.Mnemonic();
        return s_mnemonics.Contains(mnemonic)
            || code.IsJmpFar() || code.IsCallFar() || code.IsJmpFarIndirect() || code.IsCallFarIndirect()
            || code is Code.Popw_ES or Code.Popd_ES or Code.Popw_SS or Code.Popd_SS or Code.Popw_DS or Code.Popd_DS
                or Code.Popw_FS or Code.Popd_FS or Code.Popq_FS or Code.Popw_GS or Code.Popd_GS or Code.Popq_GS
                or Code.Mov_Sreg_rm16 or Code.Mov_Sreg_r32m16 or Code.Mov_Sreg_r64m16;
    }

    /// <summary>Whether an instruction's result is only known to one unit in the last place.</summary>
    public static bool IsTranscendental(in Instruction instruction) => s_transcendental.Contains(instruction.Mnemonic);

    private static bool WritesSegment(in Instruction instruction) =>
        instruction.Op0Kind == OpKind.Register && instruction.Op0Register.IsSegmentRegister() && instruction.Mnemonic != Mnemonic.Push;

    private static bool UsesThreadSegment(in Instruction instruction) =>
        instruction.SegmentPrefix is Register.FS or Register.GS || instruction.MemorySegment is Register.FS or Register.GS;
}
