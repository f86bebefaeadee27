namespace Ringmaster.Bench.Suite;

/// <summary>A figure in all settings.</summary>
/// <param name="Figure">The figure.</param>
/// <param name="Results">One for each setting, in their order.</param>
internal sealed record FigureReport(Figure Figure, IReadOnlyList<FigureResult> Results)
{
    /// <summary>Its result in a setting.</summary>
    public FigureResult In(string setting) => Results.First(result => result.Setting == setting);
}
