using Ringmaster.Bench.Guests;
using Ringmaster.Bench.Monitors;
using Ringmaster.Bench.Suite;

namespace Ringmaster.Bench.Experiments;

/// <summary>Boots Linux, runs the benchmark programs one after the other, and switches off. The host runs the programs only.</summary>
/// <param name="bench">What all experiments share.</param>
/// <param name="selection">What is wanted.</param>
internal sealed class LinuxExperiment(Workbench bench, Selection selection) : IExperiment
{
    private const string KernelToInit = "kernel to init", ToPowerOff = "command to power-off", Memory = "memory beside RAM";

    private readonly IReadOnlyList<PlannedProgram> _plan = [.. selection.Programs.Select(p => new PlannedProgram(p.Name, bench.Options.Seconds))];

    public string Name => "Linux and programs";

    public IReadOnlyList<Figure> Figures { get; } =
    [
        .. selection.Programs.Select(p => p.Figure),
        .. (Figure[])(selection.Boot
            ?
            [
                new(KernelToInit, Groups.Boot, "s", "from the kernel's first instant to its start of init, by its own clock"),
                new(ToPowerOff, Groups.Boot, "s", "from the start of the command to its end, less the time from init's first line to its last"),
                new(Memory, Groups.Boot, "MiB", "the monitor's resident memory beside the guest's RAM when init starts, at its peak"),
            ]
            : []),
    ];

    public async Task<bool> MeasureAsync(Setting setting, int round, Outcome outcome, CancellationToken cancellation)
    {
        if (setting.Monitor is { } monitor)
        {
            await MeasureGuestAsync(monitor, setting, round, outcome, cancellation).ConfigureAwait(false);
            return true;
        }
        foreach (var result in await bench.Native.RunAsync(_plan, cancellation).ConfigureAwait(false))
            outcome.Add(result.Name, setting, round, result, result.Nanoseconds);
        return _plan.Count > 0;
    }

    private async Task MeasureGuestAsync(IMonitor monitor, Setting setting, int round, Outcome outcome, CancellationToken cancellation)
    {
        double? memory = null;
        void LineCame(int process, ConsoleLine line)
        {
            if (line.Text.StartsWith(GuestTranscript.InitMark, StringComparison.Ordinal))
                memory = MonitorMemory.Measure(monitor, process);
        }
        var run = await MonitorRun.RunAsync(monitor, bench.LinuxGuest(_plan, 1), bench.Options.Silence, LineCame, cancellation).ConfigureAwait(false);
        var transcript = GuestTranscript.Parse(run.Lines);
        outcome.Add(transcript, run, setting, round);
        if (!selection.Boot)
            return;
        var measurements = outcome.Measurements;
        if (transcript.KernelToInit is { } toInit)
            measurements.Add(KernelToInit, setting.Name, round, toInit);
        if (run.Failure is null && transcript.CommandToInit + (run.Seconds - transcript.EndLine) is { } toPowerOff)
            measurements.Add(ToPowerOff, setting.Name, round, toPowerOff);
        if (memory is { } mebibytes)
            measurements.Add(Memory, setting.Name, round, mebibytes);
    }
}
