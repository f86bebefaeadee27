using Ringmaster.Bench.Guests;
using Ringmaster.Bench.Monitors;
using Ringmaster.Bench.Suite;

namespace Ringmaster.Bench.Experiments;

/// <summary>A kernel that measures without an operating system.</summary>
internal static class BareKernel
{
    /// <summary>Runs it, and notes what went wrong.</summary>
    /// <param name="bench">What all experiments share.</param>
    /// <param name="image">The kernel.</param>
    /// <param name="what">What it measures one by one, for messages.</param>
    /// <param name="setting">Where it is measured.</param>
    /// <param name="round">The round.</param>
    /// <param name="outcome">Hears of a failure.</param>
    /// <param name="cancellation">Ends the monitor.</param>
    /// <returns>What it has measured; nothing where there is no monitor.</returns>
    public static async Task<IReadOnlyList<NanoResult>> MeasureAsync(
        Workbench bench, string image, string what, Setting setting, int round, Outcome outcome, CancellationToken cancellation)
    {
        if (setting.Monitor is not { } monitor)
            return [];
        var guest = new GuestSpec(image, null, "", 1, GuestSpec.GoodExitCode);
        var run = await MonitorRun.RunAsync(monitor, guest, bench.Options.Silence, null, cancellation).ConfigureAwait(false);
        var transcript = NanoTranscript.Parse(run.Lines);
        if (transcript.Failed is { } failed)
            outcome.Fail(setting, round, $"the {what} {failed} did not do what it should have");
        else if ((run.Failure ?? run.Refusal) is { } failure)
            outcome.Fail(setting, round, failure);
        return transcript.Results;
    }
}
