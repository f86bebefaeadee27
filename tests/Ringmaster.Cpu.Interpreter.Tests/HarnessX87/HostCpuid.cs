using System.Runtime.Intrinsics.X86;
using Ringmaster.Cpu.Models;

namespace Ringmaster.Cpu.Interpreter.Tests.HarnessX87;

/// <summary>The host's CPUID, so that interpreter and host are the same model.</summary>
internal static class HostCpuid
{
    public static CpuidTable Read(params (uint Leaf, uint Subleaf, CpuidResult Result)[] changes)
    {
        var entries = new Dictionary<(uint, uint), CpuidResult>();
        foreach (var start in new[] { 0u, 0x8000_0000 })
        {
            var last = Query(start, 0).Eax;
            for (var leaf = start; leaf <= last; leaf++)
            {
                for (var subleaf = 0u; subleaf < (leaf is 7 or 0xD ? 32 : 1); subleaf++)
                    entries[(leaf, subleaf)] = Query(leaf, subleaf);
            }
        }
        foreach (var (leaf, subleaf, result) in changes)
            entries[(leaf, subleaf)] = result;
        return new CpuidTable(entries);
    }

    private static CpuidResult Query(uint leaf, uint subleaf)
    {
        var (eax, ebx, ecx, edx) = X86Base.CpuId((int)leaf, (int)subleaf);
        return new CpuidResult((uint)eax, (uint)ebx, (uint)ecx, (uint)edx);
    }
}
