namespace Ringmaster.Bench.Report.Chart;

/// <summary>A chart before it is drawn.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Subtitle">Where it was measured.</param>
/// <param name="Series">The series of all panels.</param>
/// <param name="Panels">From top to bottom.</param>
internal sealed record ChartModel(string Title, string Subtitle, IReadOnlyList<ChartSeries> Series, IReadOnlyList<ChartPanel> Panels);
