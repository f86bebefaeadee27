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

/// <summary>What kinds of pages are like.</summary>
public static class HostPagesExtensions
{
    /// <summary>Bytes of a reserved page, of which memory takes whole ones; null for kinds that are not reserved.</summary>
    public static ulong? ReservedSize(this HostPages pages) => pages switch
    {
        HostPages.TwoMebibytes => 2UL << 20,
        HostPages.OneGibibyte => 1UL << 30,
        _ => null,
    };
}
