using System.Globalization;

namespace Ringmaster.Bench.Report;

/// <summary>Writes numbers with the digits that a measurement deserves.</summary>
internal static class Quantity
{
    private const string Nanoseconds = "ns";

    private static readonly (double Least, double Divisor, string Unit)[] s_times =
        [(1e9, 1e9, "s"), (1e6, 1e6, "ms"), (1e4, 1e3, "us"), (0, 1, Nanoseconds)];

    /// <summary>Three digits, or all before the point.</summary>
    public static string Short(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };

    /// <summary>A number that has few digits.</summary>
    public static string Round(double value) => value.ToString("#,0.###", CultureInfo.InvariantCulture);

    /// <summary>The median, with the least and the most behind it if there are several.</summary>
    public static string Short(Spread? spread) => spread is null ? "-" : Ranged(spread, 1);

    /// <summary>The same with the unit; nanoseconds of an operation become microseconds or more if they are many.</summary>
    public static string Short(Spread? spread, string unit)
    {
        if (spread is null)
            return "-";
        if (!unit.StartsWith(Nanoseconds, StringComparison.Ordinal))
            return $"{Short(spread)} {unit}";
        var (_, divisor, time) = s_times.First(t => spread.Median >= t.Least);
        return $"{Ranged(spread, divisor)} {time}{unit[Nanoseconds.Length..]}";
    }

    private static string Ranged(Spread spread, double divisor)
    {
        var median = Short(spread.Median / divisor);
        return spread.Count == 1 ? median : $"{median} ({Short(spread.Least / divisor)}-{Short(spread.Most / divisor)})";
    }
}
