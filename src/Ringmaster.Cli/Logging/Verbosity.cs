using Microsoft.Extensions.Logging;

namespace Ringmaster.Cli.Logging;

/// <summary>Which log messages are shown: warnings always, details for the categories asked for.</summary>
/// <param name="Words">A category is wanted if its name contains one of them.</param>
internal sealed record Verbosity(IReadOnlyList<string> Words)
{
    /// <summary>Warnings only.</summary>
    internal static Verbosity Quiet { get; } = new([]);

    /// <summary>Reads the list behind -v; without one, everything is wanted.</summary>
    internal static Verbosity Of(string? list) =>
        new(string.IsNullOrWhiteSpace(list) ? [""] : list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The least level that a category shows.</summary>
    internal LogLevel LevelOf(string category) =>
        Words.Any(w => category.Contains(w, StringComparison.OrdinalIgnoreCase)) ? LogLevel.Debug : LogLevel.Warning;
}
