namespace Ringmaster.Cpu.Models;

/// <summary>A cache as CPUID describes it (SDM 2A CPUID leaf 4; APM 3 E.4.15).</summary>
/// <param name="Level">1 to 3.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Kilobytes">Its size in KiB.</param>
/// <param name="Ways">Associativity.</param>
/// <param name="LineBytes">Bytes in a line.</param>
/// <param name="SharedByPackage">All cores of the package share it; otherwise each core has its own.</param>
public sealed record CpuCache(int Level, CpuCacheKind Kind, int Kilobytes, int Ways, int LineBytes, bool SharedByPackage)
{
    /// <summary>The number of sets.</summary>
    public int Sets => Kilobytes * 1024 / (Ways * LineBytes);
}

/// <summary>What a cache holds; the numbers are those of CPUID leaf 4.</summary>
public enum CpuCacheKind
{
    /// <summary>Data only.</summary>
    Data = 1,

    /// <summary>Instructions only.</summary>
    Instruction = 2,

    /// <summary>Both.</summary>
    Unified = 3,
}
