using Ringmaster.Bench.Report;
using Ringmaster.Bench.Report.Chart;

namespace Ringmaster.Bench.Suite;

/// <summary>Writes the report's files.</summary>
internal static class ReportFiles
{
    private const string Json = "bench.json", Markdown = "bench.md", Chart = "bench.svg";

    /// <summary>Makes the directory, before what takes minutes is measured.</summary>
    /// <exception cref="BenchmarkException">The files cannot go there.</exception>
    public static void Prepare(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
            var report = Path.Combine(directory, Json);
            var isNew = !File.Exists(report);
            File.OpenWrite(report).Dispose();
            // Measuring may be interrupted, and an empty report is none.
            if (isNew)
                File.Delete(report);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BenchmarkException($"The report's files cannot go to {directory}: {error.Message} Name a directory that you may write with --output.");
        }
    }

    /// <returns>Their paths.</returns>
    public static IReadOnlyList<string> Write(string directory, SuiteReport report)
    {
        File.WriteAllText(Path.Combine(directory, Json), ReportFormat.ToJson(report) + "\n");
        using (var page = new StreamWriter(Path.Combine(directory, Markdown)))
            SuiteMarkdown.Write(page, report, Chart);
        File.WriteAllText(Path.Combine(directory, Chart), ChartDocument.Draw(SuiteChart.Of(report)));
        return [.. new[] { Json, Markdown, Chart }.Select(name => Path.Combine(directory, name))];
    }
}
