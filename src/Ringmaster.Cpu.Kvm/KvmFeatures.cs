using Ringmaster.Cpu.Models;
using Ringmaster.Host.Kvm;

namespace Ringmaster.Cpu.Kvm;

/// <summary>What the host's KVM can give a guest: what it says itself, less what would have state that <see cref="Cpu.State.CpuState"/> does not hold.</summary>
internal static class KvmFeatures
{
    private const uint ArchCapabilities = 0x10A, ParavirtualLeaf = 0x4000_0001, VirtualizationLeaf = 0x8000_000A, EncryptionLeaf = 0x8000_001F;
    private const int LeastAddressBits = 36;

    /// <summary>Features that the machine around the vCPU provides, whatever KVM says.</summary>
    private static readonly string[] s_provided = ["x2apic", "tsc-deadline", "hypervisor", "arat"];

    /// <summary>Features with registers or modes that the canonical state lacks, so that a guest that used them could not be saved.</summary>
    private static readonly string[] s_withoutState =
    [
        "vmx", "svm", "smx", "sgx", "sgx-lc", "sgx-keys", "mpx", "intel-pt", "pdcm", "ds", "pks", "cet-ss", "cet-ibt", "cet-sss", "amx-tile",
        "amx-int8", "amx-bf16", "amx-fp16", "amx-complex", "xfd", "apx", "uintr", "fred", "lkgs", "lam", "waitpkg", "enqcmd", "key-locker",
        "aeskle", "arch-lbr", "hreset", "user-msr", "msrlist", "tsx-ctrl", "tsx-force-abort", "bus-lock-detect", "srbds-ctrl", "lwp", "ibs",
        "perfctr-core", "perfctr-nb", "perfctr-llc", "perfmon-v2", "amd-lbr-v2", "brs", "virt-ssbd", "skinit", "extapic", "monitor", "mwaitx",
        "prefetch-ctl-msr", "core-capability", "rdt-a", "cqm",
    ];

    /// <summary>Works them out.</summary>
    /// <param name="supported">What KVM says that CPUID may say.</param>
    /// <param name="archCapabilities">IA32_ARCH_CAPABILITIES as KVM offers it.</param>
    public static EngineFeatures From(IReadOnlyList<KvmCpuidEntry> supported, ulong archCapabilities)
    {
        var features = CpuFeatureSet.FromCpuid(Cpuid, archCapabilities)
            .Except(CpuFeatureCatalog.All.Where(f => f.Automatic is not null
                || f.Leaf is ParavirtualLeaf or VirtualizationLeaf or EncryptionLeaf || s_withoutState.Contains(f.Name)))
            .Union(CpuFeatureSet.Of(s_provided));
        var bits = (int)(Cpuid(0x8000_0008, 0).Eax & 0xFF);
        return new("kvm", features, XsaveLayout.FromCpuid(Cpuid), bits == 0 ? LeastAddressBits : bits);

        CpuidResult Cpuid(uint leaf, uint subleaf)
        {
            foreach (var entry in supported)
            {
                if (entry.Leaf == leaf && ((entry.Flags & KvmCpuidEntry.HasSubleaves) == 0 || entry.Subleaf == subleaf))
                    return new(entry.Eax, entry.Ebx, entry.Ecx, entry.Edx);
            }
            return default;
        }
    }

    /// <summary>IA32_ARCH_CAPABILITIES as KVM offers it; 0 where it does not.</summary>
    public static ulong ArchCapabilitiesOf(KvmDevice device) => device.ReadFeatureMsr(ArchCapabilities) ?? 0;
}
