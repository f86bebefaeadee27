namespace Ringmaster.Conformance.Tests.Qemu.Comparison;

/// <summary>Something in which a case's end in QEMU differs from its end here.</summary>
/// <param name="Field">The register, or the place in memory.</param>
/// <param name="Ours">What it holds here.</param>
/// <param name="Theirs">What it holds in QEMU.</param>
internal sealed record Difference(string Field, string Ours, string Theirs)
{
    /// <summary>The form that explanations match.</summary>
    public override string ToString() => $"{Field}: {Ours} -> {Theirs}";
}
