using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Kvm.State;

/// <summary>A model-specific register of the canonical state (SDM 4; APM 2 appendix A).</summary>
/// <param name="Index">The number that RDMSR takes.</param>
/// <param name="Group">When it exists.</param>
/// <param name="In">Where it is in the state.</param>
internal sealed record MsrField(uint Index, MsrGroup Group, MsrField.Place In)
{
    private static readonly uint[] s_fixedMtrrs = [0x250, 0x258, 0x259, 0x268, 0x269, 0x26A, 0x26B, 0x26C, 0x26D, 0x26E, 0x26F];

    /// <summary>A register's place in a state.</summary>
    public delegate ref ulong Place(ref MsrState state);

    /// <summary>
    /// All registers but EFER and the bases of FS and GS, which the kernel counts among the special registers, and the time-stamp
    /// counter, which is always counting.
    /// </summary>
    public static IReadOnlyList<MsrField> All { get; } =
    [
        new(0x3B, MsrGroup.TscAdjust, static (ref s) => ref s.TscAdjust),
        new(0x48, MsrGroup.SpecControl, static (ref s) => ref s.SpecControl),
        new(0x174, MsrGroup.Always, static (ref s) => ref s.SysenterCs),
        new(0x175, MsrGroup.Always, static (ref s) => ref s.SysenterEsp),
        new(0x176, MsrGroup.Always, static (ref s) => ref s.SysenterEip),
        new(0x1A0, MsrGroup.MiscEnable, static (ref s) => ref s.MiscEnable),
        new(0x1D9, MsrGroup.Always, static (ref s) => ref s.DebugControl),
        new(0x277, MsrGroup.Pat, static (ref s) => ref s.Pat),
        new(0x2FF, MsrGroup.Mtrr, static (ref s) => ref s.MtrrDefaultType),
        new(0xDA0, MsrGroup.Xss, static (ref s) => ref s.Xss),
        new(0xC000_0081, MsrGroup.Syscall, static (ref s) => ref s.Star),
        new(0xC000_0082, MsrGroup.LongMode, static (ref s) => ref s.Lstar),
        new(0xC000_0083, MsrGroup.LongMode, static (ref s) => ref s.Cstar),
        new(0xC000_0084, MsrGroup.LongMode, static (ref s) => ref s.Fmask),
        new(0xC000_0102, MsrGroup.LongMode, static (ref s) => ref s.KernelGsBase),
        new(0xC000_0103, MsrGroup.TscAux, static (ref s) => ref s.TscAux),
        .. Enumerable.Range(0, 16).Select(i => new MsrField(0x200u + (uint)i, MsrGroup.Mtrr, (ref s) => ref s.MtrrVariable[i])),
        .. s_fixedMtrrs.Select((index, i) => new MsrField(index, MsrGroup.Mtrr, (ref s) => ref s.MtrrFixed[i])),
    ];
}
