using System.Globalization;
using Ringmaster.Cpu.Models;

namespace Ringmaster.Machine.Configuration.Reading;

/// <summary>Reads how many vCPUs there are and how they are arranged: <c>8</c>, <c>8,sockets=2,threads=2</c>, <c>cores=4</c>, <c>1,max=4</c>.</summary>
internal static class CpusText
{
    private const string Sockets = "sockets", Cores = "cores", Threads = "threads", Max = "max";
    private static readonly string[] s_levels = [Sockets, Cores, Threads], s_keys = [.. s_levels, Max];

    internal static Parsed<CpuPlan> Read(string text)
    {
        int? count = null, max = null;
        var levels = new Dictionary<string, int>();
        foreach (var (part, place) in text.Split(',', StringSplitOptions.TrimEntries).Select((part, place) => (part, place)))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at < 0 && place > 0)
                return Wrong($"\"{part}\" has no value. Write {part}=NUMBER.");
            var level = at < 0 ? null : part[..at];
            if (level is not null && !s_keys.Contains(level))
                return Wrong($"CPUs are not arranged in \"{level}\".{Spelling.Suggestion(level, s_keys)} Choose from {string.Join(", ", s_levels)}.");
            if (!int.TryParse(part.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1
                || (level is not null && number > MachineLimits.MostCpus))
                return Wrong($"\"{part[(at + 1)..]}\" is no number of {level ?? "CPUs"}. Write a number from 1 to {MachineLimits.MostCpus}.");
            if (level is null)
                count = number;
            else if (level == Max && max is null)
                max = number;
            else if (level == Max || !levels.TryAdd(level, number))
                return Wrong($"\"{level}\" is given twice. Leave one out.");
        }
        if (count > max)
            return Wrong($"{count} CPUs are more than the {max} that there can be. Let {Max}= be at least as many.");
        return Arrange(max ?? count, levels).TryGet(out var all, out var problem)
            ? new CpuPlan(all, max is null ? all.Count : count ?? 1)
            : Wrong(problem);
    }

    /// <summary>Completes the numbers that were given. What is left over becomes cores, or sockets where the cores are given.</summary>
    private static Parsed<CpuTopology> Arrange(int? count, Dictionary<string, int> levels)
    {
        var product = levels.Values.Aggregate(1, (all, level) => all * level);
        var total = count ?? product;
        if (total > MachineLimits.MostCpus)
            return Unarranged($"{total} CPUs are too many. Write at most {MachineLimits.MostCpus}.");
        var rest = total / product;
        if (product * rest != total || (levels.Count == s_levels.Length && rest != 1))
        {
            var given = string.Join(" times ", s_levels.Where(levels.ContainsKey).Select(level => $"{levels[level]} {level}"));
            return Unarranged($"{total} CPUs cannot be {given}. Let the number of CPUs be the product, or leave one of them out.");
        }
        var hasCores = levels.TryGetValue(Cores, out var cores);
        return new CpuTopology(
            levels.TryGetValue(Sockets, out var sockets) ? sockets : hasCores ? rest : 1,
            hasCores ? cores : rest,
            levels.TryGetValue(Threads, out var threads) ? threads : hasCores && levels.ContainsKey(Sockets) ? rest : 1);
    }

    private static Parsed<CpuPlan> Wrong(string problem) => Parsed<CpuPlan>.Wrong(problem);

    private static Parsed<CpuTopology> Unarranged(string problem) => Parsed<CpuTopology>.Wrong(problem);
}
