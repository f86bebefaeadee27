namespace Ringmaster.Differential.Tests.Native;

/// <summary>What the host's operating system does not let user code do, though its processor could; found by trying.</summary>
/// <param name="HasCode32">There is a 32-bit code segment. Paravirtual hosts may not have one.</param>
/// <param name="HasWildStack">RSP may hold anything. A paravirtual host may fault where it would go back to code with one that is not canonical.</param>
internal readonly record struct HostLimits(bool HasCode32, bool HasWildStack)
{
    /// <summary>In words, for a report; empty if there are none.</summary>
    public override string ToString() =>
        (HasCode32 ? "" : ", no 32-bit code: the host has no segment for it") + (HasWildStack ? "" : ", canonical RSP only: the host faults on others");
}
