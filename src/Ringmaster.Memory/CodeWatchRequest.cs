namespace Ringmaster.Memory;

/// <summary>What a vCPU is asked to do about a page that holds code.</summary>
/// <param name="Protects">It gives up the permission to store directly to the page.</param>
/// <param name="First">Offset of the first byte that has been written to: code from there is dropped.</param>
/// <param name="Last">Offset of the last such byte; before the first if there is none.</param>
internal readonly record struct CodeWatchRequest(bool Protects, int First, int Last)
{
    /// <summary>Only to give up the permission.</summary>
    public static CodeWatchRequest Protect => new(true, GuestPhysicalAddress.PageSize, -1);

    /// <summary>Only to drop code.</summary>
    public static CodeWatchRequest Drop(int first, int length) => new(false, first, first + length - 1);

    /// <summary>Whether code is to be dropped.</summary>
    public bool Drops => First <= Last;

    /// <summary>Bytes between the first and the last that were written to, both included.</summary>
    public int Length => Last - First + 1;

    /// <summary>Where the first byte is that has been written to.</summary>
    public GuestPhysicalAddress AddressIn(ulong page) => new((page << 12) + (ulong)First);

    /// <summary>Both requests in one; what lies between the bytes of the two counts as written to, as well.</summary>
    public CodeWatchRequest And(CodeWatchRequest other) =>
        new(Protects || other.Protects, Math.Min(First, other.First), Math.Max(Last, other.Last));
}
