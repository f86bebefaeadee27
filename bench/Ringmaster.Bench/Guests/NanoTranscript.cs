using System.Globalization;
using Ringmaster.Bench.Monitors;

namespace Ringmaster.Bench.Guests;

/// <summary>What the console of the nanobenchmarks' guest tells.</summary>
/// <param name="Results">The results.</param>
/// <param name="Failed">The one that went wrong, which also ends the guest.</param>
internal sealed record NanoTranscript(IReadOnlyList<NanoResult> Results, string? Failed)
{
    /// <summary>
    /// Reads the lines. The guest counts ticks of a time-stamp counter whose rate is the monitor's choice; the times at which
    /// its first and its last line came tell the length of a tick.
    /// </summary>
    public static NanoTranscript Parse(IReadOnlyList<ConsoleLine> lines)
    {
        (double Ticks, double Seconds)? start = null, end = null;
        var counted = new List<(string Name, double Ticks, double Operations)>();
        string? failed = null;
        foreach (var line in lines)
        {
            switch (line.Text.Split(' '))
            {
                case ["NANO", "start", var ticks]:
                    start = (Number(ticks), line.Seconds);
                    break;
                case ["NANO", "end", var ticks]:
                    end = (Number(ticks), line.Seconds);
                    break;
                case ["NANO", "result", var name, var ticks, var operations]:
                    counted.Add((name, Number(ticks), Number(operations)));
                    break;
                case ["NANO", "failed", var name]:
                    failed = name;
                    break;
            }
        }
        if (start is not { } first || end is not { } last)
            return new NanoTranscript([], failed);
        var tick = (last.Seconds - first.Seconds) / (last.Ticks - first.Ticks) * 1e9;
        return new NanoTranscript([.. counted.Select(c => new NanoResult(c.Name, c.Ticks / c.Operations * tick))], failed);
    }

    private static double Number(string text) => double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
}
