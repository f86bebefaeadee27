using System.Globalization;
using Ringmaster.Machine;

namespace Ringmaster.Cli.Run;

/// <summary>Statistics for people.</summary>
internal static class StatisticsText
{
    internal static void Write(TextWriter writer, MachineStatistics statistics)
    {
        var seconds = statistics.Elapsed.TotalSeconds;
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"time          {seconds:0.000} s"));
        if (statistics.Instructions > 0)
        {
            var rate = seconds > 0 ? statistics.Instructions / seconds / 1e6 : 0;
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"instructions  {statistics.Instructions:n0} ({rate:0.0} M/s)"));
        }
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"interrupts    {statistics.Interrupts:n0}"));
        foreach (var (kind, count) in statistics.Exits.OrderByDescending(e => e.Value))
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"exits         {count,14:n0}  {kind}"));
        foreach (var (name, value) in statistics.Engine)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"engine        {value,14:n0}  {name}"));
        for (var i = 0; i < statistics.Cpus.Count && statistics.Cpus.Count > 1; i++)
        {
            var cpu = statistics.Cpus[i];
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"cpu {i,-9} {cpu.Instructions,14:n0}  instructions, {cpu.Interrupts:n0} interrupts, {cpu.Exits.Values.Sum():n0} exits"));
        }
    }
}
