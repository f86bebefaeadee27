using System.Collections.Frozen;
using Iced.Intel;

namespace Ringmaster.Cpu.Interpreter.Decoding;

/// <summary>
/// Instructions that are no branches but change what the following ones mean: modes, segments, mappings, what is enabled,
/// when interrupts come.
/// </summary>
internal static class BlockEnders
{
    private static readonly FrozenSet<Mnemonic> s_mnemonics = new[]
    {
        Mnemonic.Lgdt, Mnemonic.Lidt, Mnemonic.Lldt, Mnemonic.Ltr, Mnemonic.Lmsw, Mnemonic.Clts, Mnemonic.Wrmsr, Mnemonic.Invlpg,
        Mnemonic.Invpcid, Mnemonic.Invd, Mnemonic.Wbinvd, Mnemonic.Popf, Mnemonic.Popfd, Mnemonic.Popfq, Mnemonic.Sti, Mnemonic.Cli,
        Mnemonic.Hlt, Mnemonic.Mwait, Mnemonic.Xsetbv, Mnemonic.Wrpkru, Mnemonic.Swapgs, Mnemonic.Stac, Mnemonic.Clac, Mnemonic.Lss,
        Mnemonic.Lds, Mnemonic.Les, Mnemonic.Lfs, Mnemonic.Lgs, Mnemonic.Cpuid, Mnemonic.Pause, Mnemonic.Wrfsbase, Mnemonic.Wrgsbase,
        Mnemonic.Serialize, Mnemonic.Rsm, Mnemonic.Xrstor, Mnemonic.Xrstors, Mnemonic.Xrstor64, Mnemonic.Xrstors64,
    }.ToFrozenSet();

    /// <summary>Whether a block must end after this instruction.</summary>
    public static bool Contains(Code code) =>
        s_mnemonics.Contains(code.Mnemonic()) || IsControlMove(code);

    // MOV to CR, DR and segment registers, and POP of segment registers.
    private static bool IsControlMove(Code code) => code
        is Code.Mov_cr_r32 or Code.Mov_cr_r64 or Code.Mov_dr_r32 or Code.Mov_dr_r64
        or Code.Mov_Sreg_rm16 or Code.Mov_Sreg_r32m16 or Code.Mov_Sreg_r64m16
        or Code.Popw_ES or Code.Popd_ES or Code.Popw_SS or Code.Popd_SS or Code.Popw_DS or Code.Popd_DS
        or Code.Popw_FS or Code.Popd_FS or Code.Popq_FS or Code.Popw_GS or Code.Popd_GS or Code.Popq_GS;
}
