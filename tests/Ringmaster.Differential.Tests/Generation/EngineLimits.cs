namespace Ringmaster.Differential.Tests.Generation;

/// <summary>What no case asks of an engine, because the project's engines do not have it yet.</summary>
internal static class EngineLimits
{
    /// <summary>#AC for unaligned accesses at CPL 3 with CR0.AM and RFLAGS.AC set (SDM 3A 6.15). Sequences never set AC otherwise.</summary>
    public const bool ChecksAlignment = false;
}
