namespace Ringmaster.Bench.Report.Chart;

/// <summary>Gives values their places.</summary>
internal interface IAxis
{
    /// <summary>Values that get a line and a number.</summary>
    IReadOnlyList<double> Ticks { get; }

    /// <summary>From 0 at the left end to 1 at the right one.</summary>
    double Position(double value);
}
