namespace Ringmaster.Cpu.Models;

/// <summary>A user's choice of CPU: a model, features added to it and features taken from it.</summary>
/// <param name="Model">The model's name in the catalog's spelling.</param>
/// <param name="Added">Features added by <c>+name</c>.</param>
/// <param name="Removed">Features taken away by <c>-name</c>; what needs them goes too.</param>
public sealed record CpuModelSelection(string Model, IReadOnlyList<CpuFeature> Added, IReadOnlyList<CpuFeature> Removed)
{
    /// <summary>Reads <c>EPYC-Milan,+avx2,-x2apic</c>.</summary>
    /// <exception cref="FormatException">The text is wrong; the message has all errors, one a line.</exception>
    public static CpuModelSelection Parse(string text) =>
        TryParse(text, out var selection, out var errors) ? selection! : throw new FormatException(string.Join('\n', errors));

    /// <summary>Reads <c>EPYC-Milan,+avx2,-x2apic</c>.</summary>
    /// <param name="text">A model name, then features with their signs, separated by commas; blanks do not matter.</param>
    /// <param name="selection">The choice, if there is no error.</param>
    /// <param name="errors">One sentence for each error.</param>
    public static bool TryParse(string text, out CpuModelSelection? selection, out IReadOnlyList<string> errors)
    {
        ArgumentNullException.ThrowIfNull(text);
        var found = new List<string>();
        errors = found;
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var model = CpuModelCatalog.Names.FirstOrDefault(n => n.Equals(parts[0], StringComparison.OrdinalIgnoreCase));
        if (model is null)
            found.Add(UnknownModel(parts[0]));

        var added = new List<CpuFeature>();
        var removed = new List<CpuFeature>();
        foreach (var part in parts.Skip(1))
        {
            if (part is not ['+' or '-', _, ..])
            {
                found.Add($"'{part}' is neither +feature nor -feature.");
                continue;
            }
            var name = part[1..].Trim();
            if (CpuFeatureCatalog.Find(name) is not { } feature)
                found.Add(UnknownFeature(name));
            else if (feature.Automatic is { } reason)
                found.Add($"CPU feature '{feature}' cannot be chosen: it {reason}.");
            else if (added.Contains(feature) || removed.Contains(feature))
                found.Add($"CPU feature '{feature}' is given twice.");
            else
                (part[0] == '+' ? added : removed).Add(feature);
        }
        selection = found.Count == 0 ? new(model!, added, removed) : null;
        return selection is not null;
    }

    /// <summary>The choice as <see cref="Parse"/> reads it.</summary>
    public override string ToString() =>
        string.Join(',', [Model, .. Added.Select(f => "+" + f.Name), .. Removed.Select(f => "-" + f.Name)]);

    private static string UnknownModel(string name) => name.Length == 0
        ? $"A CPU model is missing; there are {string.Join(", ", CpuModelCatalog.Names)}."
        : CpuModelCatalog.Suggest(name) is { } suggestion
            ? $"There is no CPU model '{name}'. Did you mean '{suggestion}'?"
            : $"There is no CPU model '{name}'; there are {string.Join(", ", CpuModelCatalog.Names)}.";

    private static string UnknownFeature(string name) => CpuFeatureCatalog.Suggest(name) is { } suggestion
        ? $"There is no CPU feature '{name}'. Did you mean '{suggestion}'?"
        : $"There is no CPU feature '{name}'.";
}
