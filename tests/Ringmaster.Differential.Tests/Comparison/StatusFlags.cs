namespace Ringmaster.Differential.Tests.Comparison;

/// <summary>The arithmetic flags, as bits of RFLAGS (SDM 1 3.4.3.1).</summary>
[Flags]
internal enum StatusFlags : uint
{
    None = 0,
    CF = 1 << 0,
    PF = 1 << 2,
    AF = 1 << 4,
    ZF = 1 << 6,
    SF = 1 << 7,
    OF = 1 << 11,
    All = CF | PF | AF | ZF | SF | OF,
}
