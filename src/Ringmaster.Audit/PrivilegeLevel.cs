namespace Ringmaster.Audit;

/// <summary>The levels that systems use (SDM 3A 5.5).</summary>
public enum PrivilegeLevel
{
    /// <summary>CPL 0.</summary>
    Kernel = 0,

    /// <summary>CPL 3.</summary>
    User = 3,
}
