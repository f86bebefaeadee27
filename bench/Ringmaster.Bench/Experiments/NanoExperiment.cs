using Ringmaster.Bench.Guests;
using Ringmaster.Bench.Monitors;
using Ringmaster.Bench.Suite;

namespace Ringmaster.Bench.Experiments;

/// <summary>
/// The nanobenchmarks, in a guest without an operating system. The host measures the length of its cycles instead, by which
/// the times that follow in the same round are divided.
/// </summary>
/// <param name="bench">What all experiments share.</param>
internal sealed class NanoExperiment(Workbench bench) : IExperiment
{
    private const int GoodExitCode = 33;

    private readonly Dictionary<int, double> _cycles = [];

    public string Name => "nanobenchmarks";

    public IReadOnlyList<Figure> Figures { get; } =
        [.. NanoReference.All.Select(reference => new Figure(reference.Name, Groups.Nano, "cycles", reference.About))];

    public async Task<bool> MeasureAsync(Setting setting, int round, Outcome outcome, CancellationToken cancellation)
    {
        if (setting.Monitor is not { } monitor)
            return false;
        var cycle = await CycleAsync(round, cancellation).ConfigureAwait(false);
        var guest = new GuestSpec(bench.Images.Nano, null, "", 1, GoodExitCode);
        var run = await MonitorRun.RunAsync(monitor, guest, bench.Options.Silence, null, cancellation).ConfigureAwait(false);
        var transcript = NanoTranscript.Parse(run.Lines);
        if (transcript.Failed is { } failed)
            outcome.Fail(setting, round, $"the nanobenchmark {failed} did not do what it should have");
        else if ((run.Failure ?? run.Refusal) is { } failure)
            outcome.Fail(setting, round, failure);
        foreach (var result in transcript.Results)
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
