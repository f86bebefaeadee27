namespace Ringmaster.Host.Kvm;

/// <summary>How far a probe of /dev/kvm got.</summary>
public enum KvmProbeStep
{
    /// <summary>The device could not be opened.</summary>
    Open,

    /// <summary>It does not speak the API version that every Linux since 2.6.22 speaks.</summary>
    ApiVersion,

    /// <summary>It refused to make a VM.</summary>
    CreateVm,

    /// <summary>It refused guest memory.</summary>
    MapMemory,

    /// <summary>It refused a vCPU or its registers.</summary>
    CreateVcpu,

    /// <summary>It took all of that, but the guest did not come from real mode into long mode as it should.</summary>
    RunGuest,

    /// <summary>
    /// The guest came into long mode, but the processor does not execute its instructions: the kernel emulates them one by one, and
    /// not all of them. Such a host is for guests that are made for it (paravirtual ones) only.
    /// </summary>
    RunNatively,

    /// <summary>A guest ran.</summary>
    Works,
}
