using Ringmaster.Bench.Guests;
using Ringmaster.Bench.Monitors;
using Ringmaster.Bench.Suite;

namespace Ringmaster.Bench.Experiments;

/// <summary>A program in several processes at once, on as many CPUs, against the same in one process.</summary>
/// <param name="bench">What all experiments share.</param>
internal sealed class CpusExperiment(Workbench bench) : IExperiment
{
    // One stays in registers, one allocates and walks memory.
    private static readonly string[] s_programs = ["sha256", "trees"];

    private readonly int _cpus = bench.Options.Cpus;
    private readonly HashSet<Setting> _refused = [];

    public string Name => $"{_cpus} CPUs";

    public IReadOnlyList<Figure> Figures =>
    [
        .. s_programs.Select(p => new Figure(
            FigureName(p), Groups.Cpus, "x", $"work done by {_cpus} processes at once over that by one, on {_cpus} CPUs")),
    ];

    public async Task<bool> MeasureAsync(Setting setting, int round, Outcome outcome, CancellationToken cancellation)
    {
        if (_refused.Contains(setting))
            return false;
        PlannedProgram[] plan = [.. s_programs.SelectMany(p => (PlannedProgram[])[Planned(p, 1), Planned(p, _cpus)])];
        var results = setting.Monitor is { } monitor
            ? await RunGuestAsync(monitor, plan, setting, round, outcome, cancellation).ConfigureAwait(false)
            : await bench.Native.RunAsync(plan, cancellation).ConfigureAwait(false);
        foreach (var program in s_programs)
        {
            if (results.Where(r => r.Name == program).ToArray() is [var alone, var together] && alone.Checksum == together.Checksum)
                outcome.Add(FigureName(program), setting, round, together, alone.Nanoseconds / together.Nanoseconds);
        }
        return !_refused.Contains(setting);
    }

    private async Task<IReadOnlyList<ProgramResult>> RunGuestAsync(
        IMonitor monitor, PlannedProgram[] plan, Setting setting, int round, Outcome outcome, CancellationToken cancellation)
    {
        var run = await MonitorRun.RunAsync(monitor, bench.LinuxGuest(plan, _cpus), bench.Options.Silence, null, cancellation).ConfigureAwait(false);
        if (run.Refusal is { } refusal)
        {
            _refused.Add(setting);
            outcome.Skip($"{Name} in {setting.Name}", refusal);
        }
        else if (run.Failure is { } failure)
        {
            outcome.Fail(setting, round, failure);
        }
        return GuestTranscript.Parse(run.Lines).Results;
    }

    private PlannedProgram Planned(string program, int copies) => new(program, bench.Options.Seconds, copies);

    private string FigureName(string program) => $"{program} x{_cpus}";
}
