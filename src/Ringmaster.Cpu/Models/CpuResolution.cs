namespace Ringmaster.Cpu.Models;

/// <summary>The outcome of asking an engine for a chosen CPU.</summary>
/// <param name="Cpu">The CPU that the guest will see; null if there are errors.</param>
/// <param name="Errors">One sentence for each feature that cannot be had.</param>
/// <param name="LeftOut">Features of the model that the engine lacks and that may be left out.</param>
public sealed record CpuResolution(ResolvedCpu? Cpu, IReadOnlyList<string> Errors, IReadOnlyList<CpuFeature> LeftOut)
{
    /// <summary>Combines a choice with what an engine can do.</summary>
    /// <remarks>
    /// <c>host</c> loses silently what the engine lacks; any other model, and any feature that the user added, is refused by
    /// name. So a guest started on one host finds the same CPU on every host that accepts it.
    /// </remarks>
    public static CpuResolution Of(CpuModelSelection selection, EngineFeatures engine)
    {
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentNullException.ThrowIfNull(engine);
        var model = CpuModelCatalog.Find(selection.Model)
            ?? throw new ArgumentException($"There is no CPU model '{selection.Model}'.", nameof(selection));
        return Of(model, selection, engine);
    }

    /// <summary>As above, for a model that is not in the catalog, such as one that a snapshot brings along.</summary>
    public static CpuResolution Of(CpuModel model, CpuModelSelection selection, EngineFeatures engine)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentNullException.ThrowIfNull(engine);
        var errors = new List<string>();
        var own = model.Features.Without(selection.Removed);
        if (model.IsHost)
            own = own.Intersect(engine.Features).WithoutUnmetNeeds();

        var wanted = own.Union(selection.Added);
        foreach (var feature in wanted.Except(engine.Features))
        {
            errors.Add(selection.Added.Contains(feature)
                ? $"The {engine.EngineName} engine cannot give the CPU feature '{feature}' here."
                : $"CPU model '{model.Name}' has the feature '{feature}', which the {engine.EngineName} engine cannot give here; "
                  + $"leave it out with -{feature}.");
        }
        foreach (var (feature, missing) in wanted.UnmetNeeds())
            errors.Add($"CPU feature '{feature}' needs '{missing}', which is not chosen.");

        if (wanted.FirstOrDefault(f => f.Paravirtual is not null) is { } one && wanted.FirstOrDefault(f => (f.Paravirtual ?? one.Paravirtual) != one.Paravirtual) is { } other)
            errors.Add($"CPU features '{one}' and '{other}' are of different hypervisors, and a guest sees one; leave it out with -{other}.");

        // Those that the model gives anyway do not depend on the order in which their needs are met.
        var optional = model.WhereSupported.Without(selection.Removed).Except(wanted);
        var all = wanted.Union(new CpuFeatureSet(optional).Intersect(engine.Features));
        var kept = all.WithoutUnmetNeeds();
        return errors.Count == 0
            ? new(new ResolvedCpu(model, kept, engine), errors, [.. model.WhereSupported.Except(kept).Except(selection.Removed)])
            : new(null, errors, []);
    }
}
