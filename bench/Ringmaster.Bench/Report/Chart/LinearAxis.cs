namespace Ringmaster.Bench.Report.Chart;

/// <summary>Equal distances for equal differences, from 0.</summary>
internal sealed class LinearAxis : IAxis
{
    private const int FewestSteps = 4;
    private static readonly double[] s_steps = [1, 0.5, 0.2];

    private readonly double _last;

    private LinearAxis(double last, IReadOnlyList<double> ticks)
    {
        _last = last;
        Ticks = ticks;
    }

    public IReadOnlyList<double> Ticks { get; }

    /// <summary>Has room for all values, none below 0, up to a round one.</summary>
    public static LinearAxis Around(IReadOnlyCollection<double> values)
    {
        var most = Math.Max(values.DefaultIfEmpty(1).Max(), double.Epsilon);
        var decade = Math.Pow(10, Math.Floor(Math.Log10(most)));
        var step = s_steps.Select(part => part * decade).First(step => most / step >= FewestSteps);
        var count = (int)Math.Ceiling(most / step - 1e-9);
        return new LinearAxis(count * step, [.. Enumerable.Range(0, count + 1).Select(i => i * step)]);
    }

    public double Position(double value) => value / _last;
}
