using Ringmaster.Cpu.Models;

namespace Ringmaster.Cpu.Paging;

/// <summary>What a CPU model fixes about paging, for the whole life of a vCPU.</summary>
/// <param name="PhysicalAddressBits">MAXPHYADDR, 32 to 52.</param>
/// <param name="HasGigabytePages">1-GByte pages exist (CPUID 8000_0001 EDX bit 26).</param>
/// <param name="HasPse36">4-MByte pages may lie above 4 GBytes (CPUID 1 EDX bit 17).</param>
public readonly record struct PagingCapabilities(int PhysicalAddressBits, bool HasGigabytePages, bool HasPse36)
{
    /// <summary>Reads them from what CPUID returns.</summary>
    public static PagingCapabilities Of(CpuidTable cpuid)
    {
        ArgumentNullException.ThrowIfNull(cpuid);
        var features = cpuid[0x8000_0001, 0].Edx;
        var bits = (int)(cpuid[0x8000_0008, 0].Eax & 0xFF);
        return new(bits == 0 ? 36 : Math.Clamp(bits, 32, 52), (features >> 26 & 1) != 0, (cpuid[1, 0].Edx >> 17 & 1) != 0);
    }
}
