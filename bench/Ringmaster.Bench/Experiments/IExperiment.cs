using Ringmaster.Bench.Suite;

namespace Ringmaster.Bench.Experiments;

/// <summary>Measures some figures at once.</summary>
internal interface IExperiment
{
    /// <summary>Its name in messages.</summary>
    string Name { get; }

    /// <summary>What it measures.</summary>
    IReadOnlyList<Figure> Figures { get; }

    /// <summary>Measures once. What goes wrong is noted in the outcome.</summary>
    /// <returns>False if there is nothing to measure in this setting.</returns>
    Task<bool> MeasureAsync(Setting setting, int round, Outcome outcome, CancellationToken cancellation);
}
