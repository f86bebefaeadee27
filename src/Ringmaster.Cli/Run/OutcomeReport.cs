using System.Text.Json;
using Ringmaster.Cli.Commands;
using Ringmaster.Machine;

namespace Ringmaster.Cli.Run;

/// <summary>Tells how a run ended.</summary>
internal sealed class OutcomeReport(CliEnvironment environment, RunRequest request)
{
    /// <returns>The exit code.</returns>
    internal int Write(RunOutcome outcome, MachineStatistics statistics)
    {
        var (name, code) = outcome switch
        {
            RunOutcome.PoweredOff => ("powered-off", ExitCodes.Success),
            RunOutcome.DebugExit exit => ("debug-exit", exit.Code),
            RunOutcome.Crashed => ("crashed", ExitCodes.GuestCrashed),
            _ => ("stopped", ExitCodes.Interrupted),
        };
        var report = (outcome as RunOutcome.Crashed)?.Report;
        if (report is not null)
        {
            environment.Say("The guest crashed.");
            environment.Error.WriteLine(report.TrimEnd());
        }
        if (request.Statistics)
            StatisticsText.Write(environment.Error, statistics);
        if (request.Json)
            WriteJson(name, code, report, statistics);
        return code;
    }

    private void WriteJson(string name, int code, string? report, MachineStatistics statistics) =>
        JsonText.Write(environment.Out, json =>
        {
            json.WriteString("outcome", name);
            json.WriteNumber("exitCode", code);
            if (report is not null)
                json.WriteString("report", report);
            json.WriteNumber("seconds", statistics.Elapsed.TotalSeconds);
            if (statistics.Instructions > 0)
                json.WriteNumber("instructions", statistics.Instructions);
            json.WriteNumber("interrupts", statistics.Interrupts);
            json.WriteStartObject("exits");
            foreach (var (kind, count) in statistics.Exits)
                json.WriteNumber(kind, count);
            json.WriteEndObject();
        }, indented: false);
}
