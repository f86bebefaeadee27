using Ringmaster.Bench.Guests;
using Ringmaster.Bench.Monitors;
using Ringmaster.Bench.Suite;

namespace Ringmaster.Bench.Experiments;

/// <summary>Accesses that the monitor itself must answer, in a guest without an operating system.</summary>
/// <param name="bench">What all experiments share.</param>
internal sealed class ExitsExperiment(Workbench bench) : IExperiment
{
    private const int GoodExitCode = 33;
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
        if (setting.Monitor is not { } monitor)
            return false;
        var guest = new GuestSpec(bench.Images.Exits, null, "", 1, GoodExitCode);
        var run = await MonitorRun.RunAsync(monitor, guest, bench.Options.Silence, null, cancellation).ConfigureAwait(false);
        var transcript = NanoTranscript.Parse(run.Lines);
        if (transcript.Failed is { } failed)
            outcome.Fail(setting, round, $"the access {failed} did not do what it should have");
        else if ((run.Failure ?? run.Refusal) is { } failure)
            outcome.Fail(setting, round, failure);
        foreach (var result in transcript.Results)
            outcome.Measurements.Add(result.Name, setting.Name, round, result.Nanoseconds);
        return true;
    }
}
