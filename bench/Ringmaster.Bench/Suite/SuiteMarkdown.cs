using Ringmaster.Bench.Report;

namespace Ringmaster.Bench.Suite;

/// <summary>Writes the report as a page in Markdown.</summary>
internal static class SuiteMarkdown
{
    public static void Write(TextWriter writer, SuiteReport report, string chart)
    {
        var facts = report.Facts;
        writer.WriteLine("# Ringmaster's benchmarks");
        writer.WriteLine();
        writer.WriteLine($"![How long everything takes, on logarithmic scales]({chart})");
        writer.WriteLine();
        writer.WriteLine($"- Host: {facts.Host}, {facts.Start:yyyy-MM-dd HH:mm} UTC");
        writer.WriteLine($"- Guest: {facts.Guest}");
        writer.WriteLine($"- Programs: `{facts.Compiler}`, the same executable everywhere, about {facts.Seconds:0.##} s each");
        foreach (var setting in report.Settings.Where(s => s.Command is not null))
            writer.WriteLine($"- {setting.Name}: `{setting.Command}`{(setting.Name == Setting.QemuName ? $" ({facts.Qemu})" : "")}");
        writer.WriteLine($"- Figures: median (least-most) of {facts.RoundsText}; ratios are taken within a round");
        foreach (var table in new SuiteTables(report).All())
        {
            writer.WriteLine();
            MarkdownTable.Write(writer, table);
        }
        WriteList(writer, "Skipped", report.Skipped);
        WriteList(writer, "Failures", report.Failures);
    }

    private static void WriteList<T>(TextWriter writer, string title, IReadOnlyCollection<T> items)
    {
        if (items.Count == 0)
            return;
        writer.WriteLine();
        writer.WriteLine($"## {title}");
        writer.WriteLine();
        foreach (var item in items)
            writer.WriteLine($"- {item}");
    }
}
