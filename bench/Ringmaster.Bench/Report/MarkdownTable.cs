namespace Ringmaster.Bench.Report;

/// <summary>A table in Markdown, with what its rows are about.</summary>
internal static class MarkdownTable
{
    public static void Write(TextWriter writer, ReportTable table)
    {
        var explains = table.Rows.Any(row => row.About.Length > 0);
        string[] last = explains ? ["what"] : [];
        writer.WriteLine($"## {table.Title}");
        writer.WriteLine();
        if (table.Note.Length > 0)
        {
            writer.WriteLine(table.Note);
            writer.WriteLine();
        }
        WriteRow(writer, ["", .. table.Headings, .. last]);
        WriteRow(writer, ["---", .. table.Headings.Select(_ => "---:"), .. last.Select(_ => "---")]);
        foreach (var row in table.Rows)
            WriteRow(writer, [row.Name, .. row.Cells, .. explains ? (string[])[row.About] : []]);
    }

    private static void WriteRow(TextWriter writer, IEnumerable<string> cells) =>
        writer.WriteLine($"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |");
}
