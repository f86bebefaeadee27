namespace Ringmaster.Machine.Configuration.Reading;

/// <summary>Finds what somebody probably meant to write.</summary>
public static class Spelling
{
    /// <summary>A suggestion to put behind a message.</summary>
    /// <returns><c>" Did you mean \"kernel\"?"</c>, or an empty text if nothing is close.</returns>
    public static string Suggestion(string written, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(written);
        ArgumentNullException.ThrowIfNull(known);
        var (distance, word) = known.Select(k => (Distance(written, k), k)).DefaultIfEmpty((int.MaxValue, "")).Min();
        return distance <= Math.Max(1, word.Length / 3) ? $" Did you mean \"{word}\"?" : "";
    }

    /// <summary>How many letters to insert, delete, replace or swap with their neighbour.</summary>
    private static int Distance(string left, string right)
    {
        var table = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
            table[i, 0] = i;
        for (var j = 0; j <= right.Length; j++)
            table[0, j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                var same = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]);
                var best = Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    best = Math.Min(best, table[i - 2, j - 2] + 1);
                table[i, j] = best;
            }
        }
        return table[left.Length, right.Length];
    }
}
