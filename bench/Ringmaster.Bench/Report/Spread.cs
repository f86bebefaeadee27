using System.Globalization;

namespace Ringmaster.Bench.Report;

/// <summary>What several measurements of one thing say.</summary>
/// <param name="Median">The middle one; the mean of the two middle ones if their number is even.</param>
/// <param name="Least">The smallest.</param>
/// <param name="Most">The largest.</param>
/// <param name="Count">How many there were.</param>
internal sealed record Spread(double Median, double Least, double Most, int Count)
{
    /// <summary>Sums up; null if nothing was measured.</summary>
    public static Spread? Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0)
            return null;
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[^1], sorted.Length);
    }

    /// <summary>Sums up those that were measured.</summary>
    public static Spread? Of(IEnumerable<double?> values) => Of(values.OfType<double>());

    public string ToString(string format) => string.Create(CultureInfo.InvariantCulture,
        $"{Median.ToString(format, CultureInfo.InvariantCulture)} ({Least.ToString(format, CultureInfo.InvariantCulture)}-{Most.ToString(format, CultureInfo.InvariantCulture)})");
}
