namespace Ringmaster.Host;

/// <summary>Which pages of the host's memory is made of.</summary>
public enum HostPages
{
    /// <summary>Large ones where the host has them to give, small ones elsewhere.</summary>
    AsGiven,

    /// <summary>As <see cref="AsGiven"/>, of a host that has not switched them off.</summary>
    Transparent,

    /// <summary>Small ones only.</summary>
    Small,

    /// <summary>Pages of 2 MiB that the host has reserved.</summary>
    TwoMebibytes,

    /// <summary>Pages of 1 GiB that the host has reserved.</summary>
    OneGibibyte,
}
