using System.Numerics;
using Ringmaster.Cpu.Models;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>CPUID: the model's table with the bits that follow the present state.</summary>
internal unsafe partial class Vcpu
{
    private const int LegacyAndHeader = 576;

    /// <summary>What CPUID returns now.</summary>
    internal CpuidResult Identify(uint leaf, uint subleaf)
    {
        var result = Cpuid[leaf, subleaf];
        switch (leaf)
        {
            case 1:
                const uint monitor = 1 << 3, osXsave = 1 << 27;
                var ecx = With(result.Ecx, osXsave, (Cr4 & Cr4Bits.OsXsave) != 0);
                // IA32_MISC_ENABLE.MONITOR hides the feature (SDM 4).
                if (!Features.IsAmd && (Msr.MiscEnable >> 18 & 1) == 0)
                    ecx &= ~monitor;
                return result with { Ecx = ecx };
            case 7 when subleaf == 0:
                return result with { Ecx = With(result.Ecx, 1 << 4, (Cr4 & Cr4Bits.ProtectionKeys) != 0) };
            case 0xD when subleaf == 0 && result.Eax != 0:
                return result with { Ebx = (uint)StandardSize(Xcr0) };
            case 0xD when subleaf == 1 && (result.Eax & 0xA) != 0:
                return result with { Ebx = (uint)CompactedSize(Xcr0 | Msr.Xss) };
            case 0x8000_0001 when !Features.IsAmd && !_is64BitMode:
                // Intel processors announce SYSCALL to 64-bit code only.
                return result with { Edx = result.Edx & ~(1u << 11) };
            default:
                return result;
        }
    }

    private static uint With(uint value, uint bit, bool set) => set ? value | bit : value & ~bit;

    private ulong StandardSize(ulong components)
    {
        ulong end = LegacyAndHeader;
        for (var rest = components & ~3UL; rest != 0; rest &= rest - 1)
        {
            var component = Cpuid[0xD, (uint)BitOperations.TrailingZeroCount(rest)];
            end = Math.Max(end, (ulong)component.Ebx + component.Eax);
        }
        return end;
    }

    private ulong CompactedSize(ulong components)
    {
        ulong end = LegacyAndHeader;
        for (var rest = components & ~3UL; rest != 0; rest &= rest - 1)
        {
            var component = Cpuid[0xD, (uint)BitOperations.TrailingZeroCount(rest)];
            var isAligned = (component.Ecx & 2) != 0;
            end = (isAligned ? (end + 63) & ~63UL : end) + component.Eax;
        }
        return end;
    }
}
