using Ringmaster.Machine;
using Ringmaster.Machine.Configuration.Reading;

namespace Ringmaster.Cli.Run;

/// <summary>Reads the list behind --trace.</summary>
internal static class TraceOption
{
    private static readonly (string Word, TraceCategories Value)[] Words =
        [("exits", TraceCategories.Exits), ("interrupts", TraceCategories.Interrupts), ("pages", TraceCategories.Pages)];

    /// <exception cref="UserErrorException">A word is not known.</exception>
    internal static TraceCategories Parse(string? text)
    {
        var wanted = TraceCategories.None;
        foreach (var part in text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            var found = Words.FirstOrDefault(w => w.Word.Equals(part, StringComparison.OrdinalIgnoreCase));
            if (found.Word is null)
            {
                throw new UserErrorException($"--trace: There is nothing called \"{part}\" to trace."
                    + $"{Spelling.Suggestion(part, Words.Select(w => w.Word))} Choose from {string.Join(", ", Words.Select(w => w.Word))}.");
            }
            wanted |= found.Value;
        }
        return wanted;
    }
}
