namespace Ringmaster.Machine.Configuration;

/// <summary>A CPU feature switched on or off.</summary>
/// <param name="Feature">As Linux spells it: <c>"avx2"</c>.</param>
/// <param name="Enabled">On or off.</param>
public sealed record CpuFeatureChange(string Feature, bool Enabled)
{
    /// <inheritdoc/>
    public override string ToString() => (Enabled ? "+" : "-") + Feature;
}
