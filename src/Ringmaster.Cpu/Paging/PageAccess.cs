namespace Ringmaster.Cpu.Paging;

/// <summary>What an access is allowed to do depends on who makes it (SDM 3A 4.6).</summary>
/// <param name="Kind">Read, write or fetch. A read-modify-write is a write.</param>
/// <param name="IsUser">
/// A user-mode access: made at CPL 3, and not one that the processor makes for itself (descriptor tables, TSS).
/// </param>
/// <param name="IsImplicit">
/// A supervisor-mode access that the processor makes for itself; RFLAGS.AC does not excuse it from SMAP.
/// </param>
public readonly record struct PageAccess(PageAccessKind Kind, bool IsUser, bool IsImplicit = false)
{
    /// <summary>A load at CPL 0 to 2.</summary>
    public static PageAccess SupervisorRead => new(PageAccessKind.Read, false);

    /// <summary>A load at CPL 3.</summary>
    public static PageAccess UserRead => new(PageAccessKind.Read, true);
}

/// <summary>What is done to memory.</summary>
public enum PageAccessKind : byte
{
    /// <summary>A load.</summary>
    Read,

    /// <summary>A store, or a load and a store in one.</summary>
    Write,

    /// <summary>An instruction fetch.</summary>
    Fetch,
}
