using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Ringmaster.Cli.Doctor;

/// <summary>What CPUID says about the host (SDM 2A CPUID; APM 3 appendix E).</summary>
internal static class HostCpu
{
    private const int BrandLeaf = unchecked((int)0x8000_0002), HypervisorLeaf = 0x4000_0000;
    private const int MaxExtendedLeaf = unchecked((int)0x8000_0000);
    private const uint LastBrandLeaf = 0x8000_0004, HighestExtendedLeaf = 0x8000_FFFF;

    private static readonly (string Name, int Leaf, int Subleaf, int Register, int Bit)[] Known =
    [
        ("sse4.2", 1, 0, 2, 20), ("popcnt", 1, 0, 2, 23), ("aes", 1, 0, 2, 25), ("xsave", 1, 0, 2, 26), ("avx", 1, 0, 2, 28),
        ("rdrand", 1, 0, 2, 30), ("vmx", 1, 0, 2, 5), ("x2apic", 1, 0, 2, 21), ("fsgsbase", 7, 0, 1, 0), ("bmi1", 7, 0, 1, 3),
        ("avx2", 7, 0, 1, 5), ("bmi2", 7, 0, 1, 8), ("erms", 7, 0, 1, 9), ("avx512f", 7, 0, 1, 16), ("adx", 7, 0, 1, 19),
        ("sha_ni", 7, 0, 1, 29), ("svm", unchecked((int)0x8000_0001), 0, 2, 2), ("lzcnt", unchecked((int)0x8000_0001), 0, 2, 5),
        ("1gb_pages", unchecked((int)0x8000_0001), 0, 3, 26), ("rdtscp", unchecked((int)0x8000_0001), 0, 3, 27),
        ("constant_tsc", unchecked((int)0x8000_0007), 0, 3, 8),
    ];

    /// <summary>The brand string, or the vendor on a CPU that has none.</summary>
    internal static string Name() =>
        X86Base.IsSupported ? Name(leaf => X86Base.CpuId(leaf, 0)) : RuntimeInformation.ProcessArchitecture.ToString();

    /// <summary>As <see cref="Name()"/>, from a processor's leaves.</summary>
    internal static string Name(Func<int, (int Eax, int Ebx, int Ecx, int Edx)> cpuid)
    {
        // What a leaf beyond the highest says is another's.
        if ((uint)cpuid(MaxExtendedLeaf).Eax is not (>= LastBrandLeaf and <= HighestExtendedLeaf))
        {
            var (_, ebx, ecx, edx) = cpuid(0);
            return Text([ebx, edx, ecx]);
        }
        var registers = new List<int>();
        for (var leaf = BrandLeaf; leaf <= unchecked((int)LastBrandLeaf); leaf++)
        {
            var (eax, ebx, ecx, edx) = cpuid(leaf);
            registers.AddRange([eax, ebx, ecx, edx]);
        }
        return Text(registers);
    }

    /// <summary>The features of our list that the CPU has.</summary>
    internal static IReadOnlyList<string> Features()
    {
        if (!X86Base.IsSupported)
            return [];
        var basic = X86Base.CpuId(0, 0).Eax;
        var extended = X86Base.CpuId(MaxExtendedLeaf, 0).Eax;
        return [.. Known.Where(f => f.Leaf <= (f.Leaf < 0 ? extended : basic) && Has(f.Leaf, f.Subleaf, f.Register, f.Bit)).Select(f => f.Name)];
    }

    /// <summary>The hypervisor below this host; null on bare metal.</summary>
    internal static string? Hypervisor()
    {
        // Bit 31 of ECX in leaf 1 is kept for hypervisors to set.
        if (!X86Base.IsSupported || !Has(1, 0, 2, 31))
            return null;
        var (_, ebx, ecx, edx) = X86Base.CpuId(HypervisorLeaf, 0);
        var signature = Text([ebx, ecx, edx]);
        return signature switch
        {
            "KVMKVMKVM" => "KVM",
            "Microsoft Hv" => "Hyper-V",
            "VMwareVMware" => "VMware",
            "XenVMMXenVMM" => "Xen",
            "TCGTCGTCGTCG" => "QEMU (TCG)",
            "" => "unnamed",
            _ => signature,
        };
    }

    private static bool Has(int leaf, int subleaf, int register, int bit)
    {
        var (eax, ebx, ecx, edx) = X86Base.CpuId(leaf, subleaf);
        int[] registers = [eax, ebx, ecx, edx];
        return (registers[register] >> bit & 1) != 0;
    }

    private static string Text(List<int> registers) =>
        Encoding.ASCII.GetString(MemoryMarshal.AsBytes<int>(registers.ToArray())).Trim('\0', ' ');
}
