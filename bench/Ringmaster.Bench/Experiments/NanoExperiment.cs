using Ringmaster.Bench.Guests;
using Ringmaster.Bench.Suite;

namespace Ringmaster.Bench.Experiments;

/// <summary>
/// The nanobenchmarks, in a guest without an operating system. The host measures the length of its cycles instead, by which
/// the times that follow in the same round are divided.
/// </summary>
/// <param name="bench">What all experiments share.</param>
internal sealed class NanoExperiment(Workbench bench) : IExperiment
{
    private readonly Dictionary<int, double> _cycles = [];

    public string Name => "nanobenchmarks";

    public IReadOnlyList<Figure> Figures { get; } =
        [.. NanoReference.All.Select(reference => new Figure(reference.Name, Groups.Nano, "cycles", reference.About))];

    public async Task<bool> MeasureAsync(Setting setting, int round, Outcome outcome, CancellationToken cancellation)
    {
        if (setting.Monitor is null)
            return false;
        var cycle = await CycleAsync(round, cancellation).ConfigureAwait(false);
        foreach (var result in await BareKernel.MeasureAsync(bench, bench.Images.Nano, "nanobenchmark", setting, round, outcome, cancellation).ConfigureAwait(false))
            outcome.Measurements.Add(result.Name, setting.Name, round, result.Nanoseconds / cycle);
        return true;
    }

    /// <summary>Nanoseconds of a cycle in this round.</summary>
    private async Task<double> CycleAsync(int round, CancellationToken cancellation)
    {
        if (!_cycles.TryGetValue(round, out var cycle))
        {
            var results = await bench.Native.RunAsync([new PlannedProgram(ProgramInfo.Clock, bench.Options.Seconds)], cancellation).ConfigureAwait(false);
            _cycles[round] = cycle = results[0].Nanoseconds;
        }
        return cycle;
    }
}
