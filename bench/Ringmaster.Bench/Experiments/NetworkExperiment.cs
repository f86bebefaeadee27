using Ringmaster.Bench.Guests;
using Ringmaster.Bench.Monitors;
using Ringmaster.Bench.Suite;

namespace Ringmaster.Bench.Experiments;

/// <summary>Two guests of the same monitor, their virtio cards joined by Unix sockets, talk by TCP.</summary>
/// <param name="bench">What all experiments share.</param>
/// <param name="modules">The directory of the kernel's modules.</param>
/// <param name="programs">The programs that use the network.</param>
internal sealed class NetworkExperiment(Workbench bench, string modules, IReadOnlyList<ProgramInfo> programs) : IExperiment
{
    public string Name => "virtio network";

    public IReadOnlyList<Figure> Figures { get; } = [.. programs.Select(p => p.Figure)];

    public async Task<bool> MeasureAsync(Setting setting, int round, Outcome outcome, CancellationToken cancellation)
    {
        if (setting.Monitor is not { } monitor)
            return false;
        var cable = Directory.CreateTempSubdirectory("ringmaster-bench-");
        try
        {
            var drivers = GuestModules.Network(modules);
            var server = bench.LinuxGuest("server", [BenchInitramfs.Server], drivers) with { Cable = new GuestCable(cable.FullName, IsFirst: true) };
            var plan = programs.Select(p => new PlannedProgram(p.Name, bench.Options.Seconds).Line);
            var client = bench.LinuxGuest("client", plan, drivers) with { Cable = new GuestCable(cable.FullName, IsFirst: false) };
            await MeasureAsync(monitor, server, client, setting, round, outcome, cancellation).ConfigureAwait(false);
            return true;
        }
        finally
        {
            cable.Delete(recursive: true);
        }
    }

    private async Task MeasureAsync(
        IMonitor monitor, GuestSpec server, GuestSpec client, Setting setting, int round, Outcome outcome, CancellationToken cancellation)
    {
        var isUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // It says nothing while it serves, however long that takes.
        var serving = MonitorRun.RunAsync(monitor, server, Timeout.InfiniteTimeSpan, (_, _) => isUp.TrySetResult(), end.Token);
        try
        {
            await Task.WhenAny(serving, isUp.Task).ConfigureAwait(false);
            var run = serving.IsCompleted
                ? await serving.ConfigureAwait(false)
                : await MonitorRun.RunAsync(monitor, client, bench.Options.Silence, null, cancellation).ConfigureAwait(false);
            outcome.Add(GuestTranscript.Parse(run.Lines), run, setting, round);
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await ((Task)serving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
