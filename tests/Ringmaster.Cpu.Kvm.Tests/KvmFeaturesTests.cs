using Ringmaster.Host.Kvm;

namespace Ringmaster.Cpu.Kvm.Tests;

public sealed class KvmFeaturesTests
{
    private static readonly KvmCpuidEntry[] s_supported =
    [
        new() { Leaf = 0, Eax = 0xD },
        // VMX, SSE3; FPU, SSE2.
        new() { Leaf = 1, Ecx = 0x21, Edx = 0x0400_0001 },
        // AVX2, MPX.
        new() { Leaf = 7, Flags = KvmCpuidEntry.HasSubleaves, Ebx = 0x4020 },
        new() { Leaf = 0xD, Subleaf = 2, Flags = KvmCpuidEntry.HasSubleaves, Eax = 256, Ebx = 576 },
        // All that KVM had in Linux 6.1.
        new() { Leaf = 0x4000_0001, Eax = 0x0100_7EFB },
        new() { Leaf = 0x8000_0000, Eax = 0x8000_0008 },
        new() { Leaf = 0x8000_0008, Eax = 0x3030 },
    ];

    private static readonly KvmCpuidEntry[] s_hyperV =
    [
        // Its own signature, which is no list of KVM's features.
        new() { Leaf = 0x4000_0001, Eax = 0x3123_7648 },
        new() { Leaf = 0x4000_0003, Eax = 0x0AFF, Edx = 0x110 },
        new() { Leaf = 0x4000_0004, Eax = 0x0C2C },
    ];

    [Fact]
    public void Interfaces_for_guests_need_the_kernels_local_APIC_or_do_not()
    {
        var without = KvmFeatures.From(s_supported, s_hyperV, 0, hasLocalApic: false).Features;
        var with = KvmFeatures.From(s_supported, s_hyperV, 0, hasLocalApic: true).Features;

        string[] free = ["kvmclock", "kvmclock-stable", "kvm-steal-time", "kvm-pv-tlb-flush", "hv-hypercall", "hv-reference-tsc", "hv-frequencies", "hv-tlb-flush"];
        string[] bound = ["kvm-pv-eoi", "kvm-pv-ipi", "kvm-pv-unhalt", "hv-synic", "hv-stimer", "hv-apic", "hv-ipi"];
        Assert.All(free, name => Assert.True(without.Contains(name) && with.Contains(name), name));
        Assert.All(bound, name => Assert.True(!without.Contains(name) && with.Contains(name), name));
        Assert.All(["kvm-asyncpf", "kvmclock-old", "kvm-poll-control"], name => Assert.False(with.Contains(name), name));
    }

    [Fact]
    public void A_kernel_without_an_interface_offers_none() =>
        Assert.DoesNotContain(KvmFeatures.From(s_supported, [], 0, false).Features, f => f.Paravirtual == Models.ParavirtualInterface.HyperV);

    [Fact]
    public void What_KVM_supports_and_a_state_can_hold_is_offered()
    {
        var features = KvmFeatures.From(s_supported, s_hyperV, archCapabilities: 1, hasLocalApic: false);

        Assert.All(["fpu", "sse2", "sse3", "avx2", "rdctl-no"], name => Assert.True(features.Features.Contains(name), name));
        Assert.All(["vmx", "mpx"], name => Assert.False(features.Features.Contains(name), name));
        Assert.Equal(48, features.PhysicalAddressBits);
        Assert.Equal([2], features.Xsave.Components.Select(c => c.Number));
    }

    [Fact]
    public void What_the_machine_provides_is_offered_whatever_KVM_says() =>
        Assert.True(KvmFeatures.From(s_supported, s_hyperV, 0, false).Features.Contains("x2apic"));
}
