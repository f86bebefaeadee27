namespace Ringmaster.Machine.Configuration;

/// <summary>What a network device looks like to the guest.</summary>
public enum NetModel
{
    /// <summary>A virtio network device, the fastest.</summary>
    Virtio,

    /// <summary>An Intel 82540EM, for guests without virtio drivers.</summary>
    E1000,
}
