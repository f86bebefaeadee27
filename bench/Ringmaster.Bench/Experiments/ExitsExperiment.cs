using Ringmaster.Bench.Suite;

namespace Ringmaster.Bench.Experiments;

/// <summary>Accesses that the monitor itself must answer, in a guest without an operating system.</summary>
/// <param name="bench">What all experiments share.</param>
internal sealed class ExitsExperiment(Workbench bench) : IExperiment
{
    private const string Unit = "ns/exit";

    public string Name => "exits";

    public IReadOnlyList<Figure> Figures { get; } =
    [
        new("port", Groups.Exits, Unit, "a read from a port that no device minds"),
        new("uart", Groups.Exits, Unit, "a read of a serial port's line status"),
        new("mmio", Groups.Exits, Unit, "a load from where there is no memory"),
    ];

    public async Task<bool> MeasureAsync(Setting setting, int round, Outcome outcome, CancellationToken cancellation)
    {
        if (setting.Monitor is null)
            return false;
        foreach (var result in await BareKernel.MeasureAsync(bench, bench.Images.Exits, "access", setting, round, outcome, cancellation).ConfigureAwait(false))
            outcome.Measurements.Add(result.Name, setting.Name, round, result.Nanoseconds);
        return true;
    }
}
