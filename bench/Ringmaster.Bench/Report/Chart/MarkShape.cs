namespace Ringmaster.Bench.Report.Chart;

/// <summary>How a value from elsewhere is shown.</summary>
internal enum MarkShape
{
    /// <summary>An upright stroke.</summary>
    Stroke,

    /// <summary>A square's outline.</summary>
    Square,

    /// <summary>A triangle's outline.</summary>
    Triangle,
}
