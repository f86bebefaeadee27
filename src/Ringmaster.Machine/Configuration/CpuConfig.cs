namespace Ringmaster.Machine.Configuration;

/// <summary>What the vCPUs look like to the guest.</summary>
/// <param name="Model">The model's name; <c>"default"</c> for the latest x86-64 level whose instructions engine and host have.</param>
/// <param name="Changes">Features switched on or off, in the order given.</param>
public sealed record CpuConfig(string Model, IReadOnlyList<CpuFeatureChange> Changes)
{
    /// <summary>The name of the model that the engine prefers.</summary>
    public const string DefaultModel = "default";

    /// <summary>The engine's own model, unchanged.</summary>
    public static CpuConfig Default { get; } = new(DefaultModel, []);

    /// <inheritdoc/>
    public override string ToString() => string.Join(',', Changes.Select(c => c.ToString()).Prepend(Model));
}
