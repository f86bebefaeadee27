namespace Ringmaster.Cpu.Models;

/// <summary>
/// A processor's CPUID, asked only within the ranges that it reports. Beyond them Intel repeats the highest basic leaf
/// (SDM 2A CPUID), which would be read as features that are not there.
/// </summary>
internal sealed class BoundedCpuid(Func<uint, uint, CpuidResult> cpuid)
{
    private readonly uint _maxBasic = cpuid(0, 0).Eax;
    private readonly uint _maxExtended = cpuid(0x8000_0000, 0).Eax;
    private readonly uint _maxHypervisor = (cpuid(1, 0).Ecx >> 31) != 0 ? cpuid(0x4000_0000, 0).Eax : 0;

    public CpuidResult this[uint leaf, uint subleaf]
    {
        get
        {
            var max = leaf switch
            {
                >= 0x8000_0000 => _maxExtended,
                >= 0x4000_0000 => _maxHypervisor,
                _ => _maxBasic,
            };
            if (leaf > max)
                return default;
            // Leaf 7 counts its own subleaves; of the others only subleaves 0 and those of leaf 0xD are used.
            return leaf == 7 && subleaf > cpuid(7, 0).Eax ? default : cpuid(leaf, subleaf);
        }
    }
}
