using System.CommandLine;
using System.Text.Json;
using Ringmaster.Control;

namespace Ringmaster.Cli.Commands.Vm;

/// <summary>ringmaster cpus.</summary>
internal static class CpusCommand
{
    internal static Command Build(CliEnvironment environment)
    {
        var vm = VmCommands.VmArgument();
        var count = new Argument<int>("N") { Description = "How many CPUs the VM is to have, at most max= of --cpus." };
        var output = OutputFormat.Option();
        var command = new Command("cpus", "Add CPUs to a running VM.") { vm, count, output };
        command.SetAction(parsed =>
        {
            var status = VmCommands.Speak(parsed.GetValue(vm)!, c => c.SetCpus(parsed.GetValue(count)));
            if (OutputFormat.IsJson(parsed, output))
                environment.Out.WriteLine(JsonSerializer.Serialize(status, ControlJson.Default.VmStatus));
            else
                VmText.Write(environment.Out, status);
        });
        return command;
    }
}
