namespace Ringmaster.Host.Kvm;

/// <summary>What a kernel's KVM may or may not have; the numbers are the kernel's (api.rst, section of the same name).</summary>
public enum KvmCapability
{
    /// <summary>How many vCPUs a VM may have at most.</summary>
    MaxVcpus = 66,

    /// <summary>How many memory slots a VM has.</summary>
    MemorySlots = 10,

    /// <summary>The rate of a guest's time-stamp counter can differ from the host's.</summary>
    TscControl = 60,

    /// <summary>Memory that guests read and cannot write.</summary>
    ReadOnlyMemory = 81,

    /// <summary>A VM can have its local APICs in the kernel and all other controllers outside.</summary>
    SplitIrqchip = 121,

    /// <summary>A flag of the run area keeps KVM_RUN from entering the guest.</summary>
    ImmediateExit = 136,

    /// <summary>Exceptions that wait to be delivered are told from those whose delivery has begun.</summary>
    ExceptionPayload = 164,

    /// <summary>Accesses to model-specific registers can be exits.</summary>
    UserSpaceMsr = 188,

    /// <summary>The kernel asks a bitmap which registers are its own.</summary>
    MsrFilter = 189,

    /// <summary>Paravirtual features work only where CPUID announces them.</summary>
    EnforcePvFeatures = 190,

    /// <summary>The special registers include the PDPTEs.</summary>
    SpecialRegisters2 = 200,

    /// <summary>Floating-point and vector state of any size; how many bytes it has.</summary>
    Xsave2 = 208,

    /// <summary>Deviations from the manual can be switched off; which ones.</summary>
    DisableQuirks2 = 213,
}
