namespace Ringmaster.Audit.Guests;

/// <summary>
/// The guest's global descriptor table. Where Linux has its user segments (28h and 30h), it has others, so that code which is shown
/// the host's in their place sees something else.
/// </summary>
internal static class AuditSelectors
{
    internal const ushort KernelCode = 0x08, KernelData = 0x10, UserCode = 0x18 | 3, UserData = 0x20 | 3;

    /// <summary>Data of 2 GiB for user mode, with the bit that is free for the system's use set.</summary>
    internal const ushort HalfData = 0x28 | 3;

    /// <summary>Data for CPL 0 only.</summary>
    internal const ushort SecretData = 0x30;

    internal const ushort Tss = 0x38, Ldt = 0x48, OtherTss = 0x58;

    /// <summary>A gate that user mode may call, to <see cref="AuditLayout.GateTarget"/> at CPL 0.</summary>
    internal const ushort CallGate = 0x68 | 3;
}
