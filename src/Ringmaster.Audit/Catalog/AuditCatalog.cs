namespace Ringmaster.Audit.Catalog;

/// <summary>All instructions of the audit.</summary>
public static class AuditCatalog
{
    /// <summary>In the order in which they are shown.</summary>
    public static IReadOnlyList<AuditedInstruction> Instructions { get; } =
        [.. SensitiveInstructions.All, .. GuardedInstructions.All, .. SystemInstructions.All, .. RegisterInstructions.All];
}
