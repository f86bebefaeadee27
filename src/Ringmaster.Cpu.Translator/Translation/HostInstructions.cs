using Ringmaster.Cpu.Models;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>What CPUID says about the host, as far as it decides which instructions there are.</summary>
internal static class HostInstructions
{
    private static readonly (uint Leaf, uint Subleaf)[] s_leaves =
        [(0, 0), (1, 0), (7, 0), (7, 1), (0xD, 1), (0x8000_0000, 0), (0x8000_0001, 0), (0x8000_0008, 0)];

    /// <summary>The host's answers.</summary>
    public static CpuidTable Table
    {
        get
        {
            var (maxBasic, maxExtended) = (HostCpu.Cpuid(0, 0).Eax, HostCpu.Cpuid(0x8000_0000, 0).Eax);
            return new CpuidTable(
                from leaf in s_leaves
                where leaf.Leaf <= (leaf.Leaf < 0x8000_0000 ? maxBasic : maxExtended)
                select KeyValuePair.Create(leaf, HostCpu.Cpuid(leaf.Leaf, leaf.Subleaf)));
        }
    }
}
