namespace Ringmaster.Machine.Configuration;

/// <summary>Something wrong with a configuration.</summary>
/// <param name="Path">Which value: <c>"devices[1].iobase"</c> in a file, <c>"--memory"</c> on the command line.</param>
/// <param name="Message">What is wrong and what to do, as full sentences.</param>
/// <param name="Line">The line in the file, from 1; null if it did not come from a file.</param>
public sealed record ConfigError(string Path, string Message, int? Line = null)
{
    /// <inheritdoc/>
    public override string ToString() =>
        Line is { } line ? $"line {line}: {(Path.Length > 0 ? Path + ": " : "")}{Message}" : $"{Path}: {Message}";
}
