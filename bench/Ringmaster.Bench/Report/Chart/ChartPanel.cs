namespace Ringmaster.Bench.Report.Chart;

/// <summary>Rows over one axis.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Caption">How to read it.</param>
/// <param name="Axis">The axis.</param>
/// <param name="Baseline">A value to be marked in all rows, and its name.</param>
/// <param name="Marks">What is shown beside the series.</param>
/// <param name="Rows">The rows.</param>
internal sealed record ChartPanel(
    string Title, string Caption, IAxis Axis, (double Value, string Name)? Baseline, IReadOnlyList<ChartMark> Marks, IReadOnlyList<ChartRow> Rows)
{
    /// <summary>All values that the axis must have room for.</summary>
    public static IEnumerable<double> Values(IEnumerable<ChartRow> rows) =>
        rows.SelectMany(row => row.Values.OfType<Spread>().SelectMany(s => (double[])[s.Least, s.Median, s.Most]).Concat(row.Marks));
}
