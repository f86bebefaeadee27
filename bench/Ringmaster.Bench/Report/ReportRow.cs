namespace Ringmaster.Bench.Report;

/// <summary>A row of a table.</summary>
/// <param name="Name">Its first cell.</param>
/// <param name="Cells">The other cells.</param>
/// <param name="About">What it is, for formats with room for that; empty if the name says it.</param>
internal sealed record ReportRow(string Name, IReadOnlyList<string> Cells, string About = "");
