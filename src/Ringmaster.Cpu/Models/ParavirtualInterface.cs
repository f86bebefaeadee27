namespace Ringmaster.Cpu.Models;

/// <summary>An interface by which a guest and its hypervisor know each other: what stands in the CPUID leaves from 4000_0000 on.</summary>
public enum ParavirtualInterface
{
    /// <summary>KVM's (Linux, Documentation/virt/kvm/x86/cpuid.rst and msr.rst).</summary>
    Kvm,

    /// <summary>Hyper-V's (Microsoft, Hypervisor Top Level Functional Specification).</summary>
    HyperV,
}
