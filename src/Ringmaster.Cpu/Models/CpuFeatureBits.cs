namespace Ringmaster.Cpu.Models;

/// <summary>Finds a feature's bit in what CPUID returns.</summary>
public static class CpuFeatureBits
{
    /// <summary>Whether the bit is set in what the feature's leaf returned; never so for those of IA32_ARCH_CAPABILITIES.</summary>
    public static bool IsIn(this CpuFeature feature, CpuidResult result)
    {
        var register = feature.Register switch
        {
            CpuidRegister.Eax => result.Eax,
            CpuidRegister.Ebx => result.Ebx,
            CpuidRegister.Ecx => result.Ecx,
            CpuidRegister.Edx => result.Edx,
            _ => 0u,
        };
        return feature.Register != CpuidRegister.ArchCapabilities && (register >> feature.Bit & 1) != 0;
    }

    internal static CpuidResult AsResult(this CpuFeature feature)
    {
        var bit = 1u << feature.Bit;
        return feature.Register switch
        {
            CpuidRegister.Eax => new(bit, 0, 0, 0),
            CpuidRegister.Ebx => new(0, bit, 0, 0),
            CpuidRegister.Ecx => new(0, 0, bit, 0),
            CpuidRegister.Edx => new(0, 0, 0, bit),
            _ => default,
        };
    }
}
