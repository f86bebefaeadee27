namespace Ringmaster.Bench.Report.Chart;

/// <summary>A line of a panel.</summary>
/// <param name="Label">What it shows.</param>
/// <param name="Values">One for each series; null where there is none.</param>
/// <param name="Marks">One for each of the panel's marks.</param>
/// <param name="IsSum">Whether it heads a group and shows its mean.</param>
internal sealed record ChartRow(string Label, IReadOnlyList<Spread?> Values, IReadOnlyList<double> Marks, bool IsSum = false);
