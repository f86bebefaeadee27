namespace Ringmaster.Cpu.Models;

/// <summary>A state component of XSAVE (SDM 1 13.4.2 and 13.4.3).</summary>
/// <param name="Number">Its bit in XCR0 or IA32_XSS.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Offset">Where it stands in the standard format; 0 for supervisor components.</param>
/// <param name="IsSupervisor">It belongs to IA32_XSS.</param>
/// <param name="IsAligned">In the compacted format it starts at a multiple of 64 bytes.</param>
public sealed record XsaveComponent(int Number, int Size, int Offset, bool IsSupervisor, bool IsAligned)
{
    internal bool IsWanted(CpuFeatureSet features) => Number switch
    {
        2 => features.Contains("avx"),
        3 or 4 => features.Contains("mpx"),
        5 or 6 or 7 => features.Contains("avx512f"),
        9 => features.Contains("pku"),
        11 or 12 => features.Contains("cet-ss") || features.Contains("cet-ibt"),
        17 or 18 => features.Contains("amx-tile"),
        19 => features.Contains("apx"),
        _ => false,
    };
}
