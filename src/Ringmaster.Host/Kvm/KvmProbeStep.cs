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

    /// <summary>It took all of that, but the guest's three instructions did not run as they should.</summary>
    RunGuest,

    /// <summary>A guest ran.</summary>
    Works,
}
