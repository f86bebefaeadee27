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
            WriteCounts(json, statistics.Instructions, statistics.Interrupts, statistics.Exits);
            json.WriteStartObject("engine");
            foreach (var (counter, value) in statistics.Engine)
                json.WriteNumber(counter, value);
            json.WriteEndObject();
            json.WriteStartArray("cpus");
            foreach (var cpu in statistics.Cpus)
            {
                json.WriteStartObject();
                WriteCounts(json, cpu.Instructions, cpu.Interrupts, cpu.Exits);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }, indented: false);

    private static void WriteCounts(Utf8JsonWriter json, long instructions, long interrupts, IReadOnlyDictionary<string, long> exits)
    {
        // An engine that does not count says 0.
        if (instructions > 0)
            json.WriteNumber("instructions", instructions);
        json.WriteNumber("interrupts", interrupts);
        json.WriteStartObject("exits");
        foreach (var (kind, count) in exits)
            json.WriteNumber(kind, count);
        json.WriteEndObject();
    }
}
