namespace Ringmaster.Bench.Report;

/// <summary>Lines of cells; the first column to the left, the others to the right.</summary>
internal static class TextTable
{
    public static void Write(TextWriter writer, ReportTable table)
    {
        Write(writer, [[table.Title, .. table.Headings], .. table.Rows.Select(row => (IReadOnlyList<string>)[row.Name, .. row.Cells])]);
        if (table.Note.Length > 0)
            writer.WriteLine(table.Note);
    }

    public static void Write(TextWriter writer, IReadOnlyList<IReadOnlyList<string>> lines)
    {
        var widths = Enumerable.Range(0, lines[0].Count).Select(column => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
        {
            var cells = line.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]));
            writer.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }
}
