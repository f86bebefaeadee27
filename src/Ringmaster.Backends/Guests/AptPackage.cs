using System.Globalization;

namespace Ringmaster.Backends.Guests;

/// <summary>A package as apt's lists describe it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Size">The download's size in bytes, if the list has it.</param>
/// <param name="Depends">Names of the packages that it depends on; the first of each set of alternatives.</param>
internal sealed record AptPackage(string Name, string Version, long? Size, IReadOnlyList<string> Depends)
{
    /// <summary>Reads the first paragraph of "apt-cache show" (deb-control(5)).</summary>
    /// <returns>Null if it describes no package.</returns>
    internal static AptPackage? Parse(string text)
    {
        var fields = new Dictionary<string, string>();
        foreach (var line in text.Split('\n').SkipWhile(string.IsNullOrWhiteSpace).TakeWhile(l => !string.IsNullOrWhiteSpace(l)))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && !char.IsWhiteSpace(line[0]))
                fields[line[..colon]] = line[(colon + 1)..].Trim();
        }
        if (!fields.TryGetValue("Package", out var name) || !fields.TryGetValue("Version", out var version))
            return null;
        long? size = long.TryParse(fields.GetValueOrDefault("Size"), CultureInfo.InvariantCulture, out var bytes) ? bytes : null;
        var depends = fields.GetValueOrDefault("Depends", "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(d => d.Split('|')[0].Trim().Split(' ', ':')[0]);
        return new AptPackage(name, version, size, [.. depends]);
    }
}
