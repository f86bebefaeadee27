namespace Ringmaster.Host.Kvm;

/// <summary>What a kernel's KVM may or may not have; the numbers are the kernel's (api.rst, section of the same name).</summary>
public enum KvmCapability
{
    /// <summary>All interrupt controllers can be in the kernel.</summary>
    Irqchip = 0,

    /// <summary>Which inputs of the kernel's controllers a number stands for can be chosen.</summary>
    IrqRouting = 25,

    /// <summary>The rate of a guest's time-stamp counter can differ from the host's.</summary>
    TscControl = 60,

    /// <summary>Memory that guests read and cannot write.</summary>
    ReadOnlyMemory = 81,

    /// <summary>Local APICs are in the kernel, the other interrupt controllers outside; enabled before the first vCPU.</summary>
    SplitIrqchip = 121,

    /// <summary>Local APICs have identifiers of 32 bits, in messages and in their state.</summary>
    X2ApicApi = 129,

    /// <summary>A guest's access of any width can set an eventfd.</summary>
    IoEventAnyLength = 122,

    /// <summary>A flag of the run area keeps KVM_RUN from entering the guest.</summary>
    ImmediateExit = 136,

    /// <summary>Hyper-V's synthetic interrupt controller, of a vCPU whose local APIC is the kernel's.</summary>
    HyperVSynic = 148,

    /// <summary>Looking at a dirty log and clearing it are two requests; how that is done.</summary>
    ManualDirtyLog = 168,

    /// <summary>Accesses to model-specific registers can be exits.</summary>
    UserSpaceMsr = 188,

    /// <summary>The kernel asks a bitmap which registers are its own.</summary>
    MsrFilter = 189,

    /// <summary>A vCPU has no interface of KVM's for guests but those that its CPUID announces.</summary>
    EnforceParavirtualCpuid = 190,

    /// <summary>The device says which interfaces of Hyper-V's the kernel has.</summary>
    HyperVCpuid = 191,

    /// <summary>A vCPU has no interface of Hyper-V's but those that its CPUID announces.</summary>
    EnforceHyperVCpuid = 199,

    /// <summary>The special registers include the PDPTEs.</summary>
    SpecialRegisters2 = 200,

    /// <summary>Floating-point and vector state of any size; how many bytes it has.</summary>
    Xsave2 = 208,

    /// <summary>Deviations from the manual can be switched off; which ones.</summary>
    DisableQuirks2 = 213,
}
