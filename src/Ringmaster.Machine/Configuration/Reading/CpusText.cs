using System.Globalization;
using Ringmaster.Cpu.Models;

namespace Ringmaster.Machine.Configuration.Reading;

/// <summary>Reads how many vCPUs there are and how they are arranged: <c>8</c>, <c>8,sockets=2,threads=2</c>, <c>cores=4</c>.</summary>
internal static class CpusText
{
    private const string Sockets = "sockets", Cores = "cores", Threads = "threads";
    private static readonly string[] s_levels = [Sockets, Cores, Threads];

    internal static Parsed<CpuTopology> Read(string text)
    {
        int? count = null;
        var levels = new Dictionary<string, int>();
        foreach (var (part, place) in text.Split(',', StringSplitOptions.TrimEntries).Select((part, place) => (part, place)))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at < 0 && place > 0)
                return Wrong($"\"{part}\" has no value. Write {part}=NUMBER.");
            var level = at < 0 ? null : part[..at];
            if (level is not null && !s_levels.Contains(level))
                return Wrong($"CPUs are not arranged in \"{level}\".{Spelling.Suggestion(level, s_levels)} Choose from {string.Join(", ", s_levels)}.");
            if (!int.TryParse(part.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1
                || (level is not null && number > MachineLimits.MostCpus))
                return Wrong($"\"{part[(at + 1)..]}\" is no number of {level ?? "CPUs"}. Write a number from 1 to {MachineLimits.MostCpus}.");
            if (level is null)
                count = number;
            else if (!levels.TryAdd(level, number))
                return Wrong($"\"{level}\" is given twice. Leave one out.");
        }
        return Arrange(count, levels);
    }

    /// <summary>Completes the numbers that were given. What is left over becomes cores, or sockets where the cores are given.</summary>
    private static Parsed<CpuTopology> Arrange(int? count, Dictionary<string, int> levels)
    {
        var product = levels.Values.Aggregate(1, (all, level) => all * level);
        var total = count ?? product;
        if (total > MachineLimits.MostCpus)
            return Wrong($"{total} CPUs are too many. Write at most {MachineLimits.MostCpus}.");
        var rest = total / product;
        if (product * rest != total || (levels.Count == s_levels.Length && rest != 1))
        {
            var given = string.Join(" times ", s_levels.Where(levels.ContainsKey).Select(level => $"{levels[level]} {level}"));
            return Wrong($"{total} CPUs cannot be {given}. Let the number of CPUs be the product, or leave one of them out.");
        }
        var hasCores = levels.TryGetValue(Cores, out var cores);
        return new CpuTopology(
            levels.TryGetValue(Sockets, out var sockets) ? sockets : hasCores ? rest : 1,
            hasCores ? cores : rest,
            levels.TryGetValue(Threads, out var threads) ? threads : hasCores && levels.ContainsKey(Sockets) ? rest : 1);
    }

    private static Parsed<CpuTopology> Wrong(string problem) => Parsed<CpuTopology>.Wrong(problem);
}
