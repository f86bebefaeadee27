using System.CommandLine;
using System.Diagnostics;
using Ringmaster.Audit.Native;
using Ringmaster.Cli.Audit;
using Ringmaster.Host.Terminals;
using Ringmaster.Machine.Assembly;

namespace Ringmaster.Cli.Commands;

/// <summary>ringmaster audit.</summary>
internal static class AuditCommand
{
    private const string WorkerOption = "--native-worker";

    internal static Command Build(CliEnvironment environment)
    {
        var engines = new Option<string[]>("--engine")
        {
            Description = "Audit this engine only; may be repeated.", HelpName = "NAME", DefaultValueFactory = _ => [],
        };
        // The process that executes the instructions on the host's processor is this program, too.
        var worker = new Option<int?>(WorkerOption) { Hidden = true };
        var output = OutputFormat.Option();
        var command = new Command("audit", "Execute the sensitive and the privileged instructions natively and in guests, and compare with the manual.")
        {
            engines, worker, output,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(worker) is { } first)
            {
                NativeWorker.Run(first, environment.Out);
                return ExitCodes.Success;
            }
            using var session = AuditSession.Open(Chosen(parsed.GetValue(engines) ?? []));
            var report = session.Run(() => NativeAudit.Of(StartWorker, NativeAudit.HostHasUmip()));
            return Tell(environment, report, OutputFormat.IsJson(parsed, output));
        });
        return command;
    }

    /// <summary>Prints what was found.</summary>
    /// <returns>The exit code that it means.</returns>
    internal static int Tell(CliEnvironment environment, AuditReport report, bool isJson)
    {
        if (isJson)
            AuditReportJson.Write(environment.Out, report);
        else
            AuditReportText.Write(environment.Out, report, TerminalSize.Of(environment.Output)?.Columns);
        return report.IsFaithful ? ExitCodes.Success : ExitCodes.Unfaithful;
    }

    /// <summary>The engines that were asked for, or all that work here.</summary>
    private static IReadOnlyList<string> Chosen(IReadOnlyCollection<string> names)
    {
        var survey = EngineChooser.Survey();
        if (names.Count == 0)
            return [.. survey.Where(e => e.Available).Select(e => e.Name)];
        foreach (var name in names)
        {
            var engine = survey.FirstOrDefault(e => e.Name == name)
                ?? throw new UserErrorException($"There is no engine \"{name}\"; there are {string.Join(", ", survey.Select(e => e.Name))}.");
            if (!engine.Available)
                throw new UserErrorException($"The engine \"{name}\" cannot be audited here. {engine.Explanation}");
        }
        return [.. names.Distinct()];
    }

    private static ProcessStartInfo StartWorker(int first) =>
        new(Path.Combine(AppContext.BaseDirectory, "ringmaster"), ["audit", WorkerOption, first.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
}
