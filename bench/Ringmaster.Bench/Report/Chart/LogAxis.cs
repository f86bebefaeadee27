namespace Ringmaster.Bench.Report.Chart;

/// <summary>Equal distances for equal ratios.</summary>
internal sealed class LogAxis : IAxis
{
    private const int MostTicks = 10;
    private static readonly double[] s_steps = [1, 2, 5];

    private readonly double _first, _last;

    private LogAxis(double first, double last, IReadOnlyList<double> ticks)
    {
        _first = Math.Log(first);
        _last = Math.Log(last);
        Ticks = ticks;
    }

    public IReadOnlyList<double> Ticks { get; }

    /// <summary>Has room for all values, which are above 0, between two round ones.</summary>
    public static LogAxis Around(IReadOnlyCollection<double> values)
    {
        double least = values.DefaultIfEmpty(1).Min(), most = values.DefaultIfEmpty(10).Max();
        int lowest = (int)Math.Floor(Math.Log10(least)), highest = (int)Math.Ceiling(Math.Log10(most)) + 1;
        var round = Enumerable.Range(lowest, highest - lowest + 1).SelectMany(exponent => s_steps.Select(step => step * Math.Pow(10, exponent))).ToArray();
        var first = round.Last(tick => tick <= least * (1 + 1e-9));
        var last = round.First(tick => tick >= most * (1 - 1e-9) && tick > first);
        double[] all = [.. round.Where(tick => tick >= first && tick <= last)];
        // With many decades, their starts are enough.
        return new LogAxis(first, last, all.Length <= MostTicks ? all : [.. all.Where(tick => IsPowerOfTen(tick))]);
    }

    public double Position(double value) => (Math.Log(value) - _first) / (_last - _first);

    private static bool IsPowerOfTen(double value) => Math.Abs(Math.Log10(value) - Math.Round(Math.Log10(value))) < 1e-9;
}
