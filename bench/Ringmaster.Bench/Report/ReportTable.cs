namespace Ringmaster.Bench.Report;

/// <summary>A table of the report, before it is text or Markdown.</summary>
/// <param name="Title">What it is about; the first column's heading.</param>
/// <param name="Headings">Of the other columns.</param>
/// <param name="Rows">The rows.</param>
/// <param name="Note">How to read it.</param>
internal sealed record ReportTable(string Title, IReadOnlyList<string> Headings, IReadOnlyList<ReportRow> Rows, string Note);
