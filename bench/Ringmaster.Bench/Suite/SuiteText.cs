using Ringmaster.Bench.Report;

namespace Ringmaster.Bench.Suite;

/// <summary>Writes the report for a terminal.</summary>
internal static class SuiteText
{
    public static void Write(TextWriter writer, SuiteReport report)
    {
        var facts = report.Facts;
        WriteFact(writer, "host", $"{facts.Host}");
        WriteFact(writer, "guest", facts.Guest);
        foreach (var setting in report.Settings)
        {
            if (setting.Command is { } command)
                WriteFact(writer, setting.Name, command);
        }
        if (facts.Qemu is { } version)
            WriteFact(writer, "", version);
        WriteFact(writer, "figures", $"median (least-most) of {facts.RoundsText}; ratios are taken within a round; {facts.Minutes:0.0} minutes in all");
        foreach (var table in new SuiteTables(report).All())
        {
            writer.WriteLine();
            TextTable.Write(writer, table);
        }
        WriteRemarks(writer, report);
    }

    private static void WriteRemarks(TextWriter writer, SuiteReport report)
    {
        if (report.Skipped.Count + report.Failures.Count > 0)
            writer.WriteLine();
        foreach (var skip in report.Skipped)
            WriteFact(writer, "skipped", $"{skip}");
        foreach (var failure in report.Failures)
            WriteFact(writer, "FAILED", $"{failure}");
    }

    private static void WriteFact(TextWriter writer, string what, string text) => writer.WriteLine($"{what,-12} {text}");
}
