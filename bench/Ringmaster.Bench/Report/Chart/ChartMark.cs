namespace Ringmaster.Bench.Report.Chart;

/// <summary>Values from elsewhere, to compare with.</summary>
/// <param name="Name">As in the legend.</param>
/// <param name="Shape">How they are shown.</param>
internal sealed record ChartMark(string Name, MarkShape Shape);
