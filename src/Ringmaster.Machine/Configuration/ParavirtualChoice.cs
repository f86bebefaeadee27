namespace Ringmaster.Machine.Configuration;

/// <summary>What a guest finds of interfaces for guests that know their hypervisor.</summary>
public enum ParavirtualChoice
{
    /// <summary>KVM's with the hardware engine, and none with others.</summary>
    Auto,

    /// <summary>None but those that the CPU configuration adds one by one.</summary>
    None,

    /// <summary>All of KVM's that the engine offers.</summary>
    Kvm,

    /// <summary>All of Hyper-V's that the engine offers.</summary>
    HyperV,
}
