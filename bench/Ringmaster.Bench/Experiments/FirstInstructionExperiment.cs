using Ringmaster.Bench.Monitors;
using Ringmaster.Bench.Suite;

namespace Ringmaster.Bench.Experiments;

/// <summary>Starts a monitor whose guest says at its first instructions that it runs, and ends.</summary>
/// <param name="bench">What all experiments share.</param>
internal sealed class FirstInstructionExperiment(Workbench bench) : IExperiment
{
    private const string ToFirstInstruction = "command to first instruction", Mark = "FIRST";
    public string Name => "first instruction";

    public IReadOnlyList<Figure> Figures { get; } =
    [
        new(ToFirstInstruction, Groups.Boot, "ms", "from the start of the command to the first line of a guest that starts at the reset vector"),
    ];

    public async Task<bool> MeasureAsync(Setting setting, int round, Outcome outcome, CancellationToken cancellation)
    {
        if (setting.Monitor is not { } monitor)
            return false;
        var guest = new GuestSpec(bench.Images.First, null, "", 1, GuestSpec.GoodExitCode) { IsFirmware = true };
        var run = await MonitorRun.RunAsync(monitor, guest, bench.Options.Silence, null, cancellation).ConfigureAwait(false);
        if ((run.Failure ?? run.Refusal) is { } failure)
            outcome.Fail(setting, round, failure);
        else if (run.Lines is [{ Text: Mark } first])
            outcome.Measurements.Add(ToFirstInstruction, setting.Name, round, first.Seconds * 1000);
        else
            outcome.Fail(setting, round, $"the firmware did not say \"{Mark}\" and nothing else");
        return true;
    }
}
