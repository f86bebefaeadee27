using Ringmaster.Cpu.Models;
using Ringmaster.Host.Kvm;

namespace Ringmaster.Cpu.Kvm;

/// <summary>What the host's KVM can give a guest: what it says itself, less what would have state that <see cref="Cpu.State.CpuState"/> does not hold.</summary>
internal static class KvmFeatures
{
    private const uint ArchCapabilities = 0x10A, VirtualizationLeaf = 0x8000_000A, EncryptionLeaf = 0x8000_001F;
    private const int LeastAddressBits = 36;

    /// <summary>Features that the machine around the vCPU provides, whatever KVM says.</summary>
    private static readonly string[] s_provided = ["x2apic", "tsc-deadline", "hypervisor", "arat"];

    /// <summary>
    /// Interfaces for guests that the kernel carries out alone. Of KVM's, asynchronous page faults are not among them: those under way
    /// could not be saved, and they bring something only where the host swaps.
    /// </summary>
    private static readonly string[] s_paravirtual =
    [
        "kvmclock", "kvmclock-stable", "kvm-nopiodelay", "kvm-steal-time", "kvm-pv-tlb-flush",
        "hv-hypercall", "hv-vp-index", "hv-time-ref-count", "hv-reference-tsc", "hv-frequency-access", "hv-frequencies", "hv-xmm-input",
        "hv-tlb-flush", "hv-ex-masks", "hv-relaxed",
    ];

    /// <summary>Interfaces for guests that work on the local APIC, which must be the kernel's.</summary>
    private static readonly string[] s_paravirtualWithApic =
        ["kvm-pv-eoi", "kvm-pv-unhalt", "kvm-pv-ipi", "kvm-pv-sched-yield", "hv-apic", "hv-synic", "hv-stimer", "hv-stimer-direct", "hv-ipi"];

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
    /// <param name="hyperV">What KVM says that CPUID may say in the leaves of Hyper-V's interfaces.</param>
    /// <param name="archCapabilities">IA32_ARCH_CAPABILITIES as KVM offers it.</param>
    /// <param name="hasLocalApic">Whether the vCPUs' local APICs are the kernel's.</param>
    public static EngineFeatures From(
        IReadOnlyList<KvmCpuidEntry> supported, IReadOnlyList<KvmCpuidEntry> hyperV, ulong archCapabilities, bool hasLocalApic)
    {
        var features = CpuFeatureSet.FromCpuid(Cpuid, archCapabilities)
            .Except(CpuFeatureCatalog.All.Where(f => f.Automatic is not null || f.Paravirtual is not null
                || f.Leaf is VirtualizationLeaf or EncryptionLeaf || s_withoutState.Contains(f.Name)))
            .Union(CpuFeatureSet.Of(s_provided))
            .Union(CpuFeatureSet.Of(hasLocalApic ? [.. s_paravirtual, .. s_paravirtualWithApic] : s_paravirtual).Where(HasParavirtual));
        var bits = (int)(Cpuid(0x8000_0008, 0).Eax & 0xFF);
        return new("kvm", features, XsaveLayout.FromCpuid(Cpuid), bits == 0 ? LeastAddressBits : bits);

        CpuidResult Cpuid(uint leaf, uint subleaf) => Find(supported, leaf, subleaf);

        // Both interfaces are in the same leaves, of lists of their own.
        bool HasParavirtual(CpuFeature feature) =>
            feature.IsIn(Find(feature.Paravirtual == ParavirtualInterface.HyperV ? hyperV : supported, feature.Leaf, feature.Subleaf));
    }

    private static CpuidResult Find(IReadOnlyList<KvmCpuidEntry> entries, uint leaf, uint subleaf)
    {
        foreach (var entry in entries)
        {
            if (entry.Leaf == leaf && ((entry.Flags & KvmCpuidEntry.HasSubleaves) == 0 || entry.Subleaf == subleaf))
                return new(entry.Eax, entry.Ebx, entry.Ecx, entry.Edx);
        }
        return default;
    }

    /// <summary>IA32_ARCH_CAPABILITIES as KVM offers it; 0 where it does not.</summary>
    public static ulong ArchCapabilitiesOf(KvmDevice device) => device.ReadFeatureMsr(ArchCapabilities) ?? 0;
}
