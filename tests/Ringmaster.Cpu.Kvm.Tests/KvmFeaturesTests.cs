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
        new() { Leaf = 0x8000_0000, Eax = 0x8000_0008 },
        new() { Leaf = 0x8000_0008, Eax = 0x3030 },
    ];

    [Fact]
    public void What_KVM_supports_and_a_state_can_hold_is_offered()
    {
        var features = KvmFeatures.From(s_supported, archCapabilities: 1);

        Assert.All(["fpu", "sse2", "sse3", "avx2", "rdctl-no"], name => Assert.True(features.Features.Contains(name), name));
        Assert.All(["vmx", "mpx"], name => Assert.False(features.Features.Contains(name), name));
        Assert.Equal(48, features.PhysicalAddressBits);
        Assert.Equal([2], features.Xsave.Components.Select(c => c.Number));
    }

    [Fact]
    public void What_the_machine_provides_is_offered_whatever_KVM_says() =>
        Assert.True(KvmFeatures.From(s_supported, 0).Features.Contains("x2apic"));
}
