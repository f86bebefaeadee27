namespace Ringmaster.Bench.Report.Chart;

/// <summary>Values that belong together.</summary>
/// <param name="Name">As in the legend.</param>
/// <param name="Color">As SVG writes it.</param>
internal sealed record ChartSeries(string Name, string Color);
