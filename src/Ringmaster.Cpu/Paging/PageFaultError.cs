namespace Ringmaster.Cpu.Paging;

/// <summary>The error code of a page fault (SDM 3A 4.7, figure 4-12).</summary>
[Flags]
public enum PageFaultError : uint
{
    /// <summary>A supervisor read of a page that is not present.</summary>
    None = 0,

    /// <summary>P: a protection violation; otherwise an entry was not present.</summary>
    Protection = 1,

    /// <summary>W/R: a write.</summary>
    Write = 2,

    /// <summary>U/S: a user-mode access.</summary>
    User = 4,

    /// <summary>RSVD: a reserved bit is set in an entry.</summary>
    ReservedBit = 8,

    /// <summary>I/D: an instruction fetch, told apart only with NX or SMEP.</summary>
    Fetch = 16,

    /// <summary>PK: the protection key's rights forbid it.</summary>
    ProtectionKey = 32,
}
