namespace Ringmaster.Memory;

/// <summary>What a vCPU is asked to do about code in guest memory.</summary>
internal enum CodeWatchRequestKind
{
    /// <summary>Give up the permission to store directly to a page.</summary>
    Protect,

    /// <summary>Drop code from some bytes of a page: they have been written to.</summary>
    Drop,
}

/// <summary>A request to a vCPU.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Address">The first byte.</param>
/// <param name="Length">Bytes; they lie in one page.</param>
internal readonly record struct CodeWatchRequest(CodeWatchRequestKind Kind, GuestPhysicalAddress Address, int Length);
