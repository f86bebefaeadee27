using Ringmaster.Bench.Report;
using Ringmaster.Bench.Report.Chart;

namespace Ringmaster.Bench.Suite;

/// <summary>Writes the report's files.</summary>
internal static class ReportFiles
{
    private const string Json = "bench.json", Markdown = "bench.md", Chart = "bench.svg";

    /// <returns>Their paths.</returns>
    public static IReadOnlyList<string> Write(string directory, SuiteReport report)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, Json), ReportFormat.ToJson(report) + "\n");
        using (var page = new StreamWriter(Path.Combine(directory, Markdown)))
            SuiteMarkdown.Write(page, report, Chart);
        File.WriteAllText(Path.Combine(directory, Chart), ChartDocument.Draw(SuiteChart.Of(report)));
        return [.. new[] { Json, Markdown, Chart }.Select(name => Path.Combine(directory, name))];
    }
}
