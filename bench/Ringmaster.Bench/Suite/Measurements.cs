using Ringmaster.Bench.Report;

namespace Ringmaster.Bench.Suite;

/// <summary>All values: one for each figure, setting and round, unless it failed.</summary>
/// <param name="rounds">How many rounds there are.</param>
internal sealed class Measurements(int rounds)
{
    private readonly Dictionary<(string Figure, string Setting), double?[]> _values = [];

    /// <summary>Takes a value. One that a damaged line of a console led to is not taken.</summary>
    public void Add(string figure, string setting, int round, double value)
    {
        if (!double.IsFinite(value))
            return;
        if (!_values.TryGetValue((figure, setting), out var values))
            _values[(figure, setting)] = values = new double?[rounds];
        values[round] = value;
    }

    /// <summary>The values by round; null where there is none.</summary>
    public IReadOnlyList<double?> Of(string figure, string setting) => _values.GetValueOrDefault((figure, setting)) ?? new double?[rounds];

    /// <summary>One setting's values over another's, each taken within a round; null if there is no round with both.</summary>
    public Spread? Ratio(string figure, string setting, string other) =>
        Spread.Of(Of(figure, setting).Zip(Of(figure, other), (value, peer) => value / peer));
}
