using System.CommandLine;
using Ringmaster.Cli.Doctor;

namespace Ringmaster.Cli.Commands;

/// <summary>ringmaster doctor.</summary>
internal static class DoctorCommand
{
    internal static Command Build(CliEnvironment environment)
    {
        var output = OutputFormat.Option();
        var command = new Command("doctor", "Examine this host: what it is, and which engines work on it and why.") { output };
        command.SetAction(parsed =>
        {
            var report = HostReport.Examine();
            if (OutputFormat.IsJson(parsed, output))
                HostReportText.WriteJson(environment.Out, report);
            else
                HostReportText.Write(environment.Out, report);
        });
        return command;
    }
}
