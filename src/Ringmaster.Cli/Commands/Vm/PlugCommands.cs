using System.CommandLine;
using System.Text.Json;
using Ringmaster.Control;

namespace Ringmaster.Cli.Commands.Vm;

/// <summary>ringmaster plug and unplug.</summary>
internal static class PlugCommands
{
    internal static Command BuildPlug(CliEnvironment environment)
    {
        var vm = VmCommands.VmArgument();
        var kind = new Argument<string>("KIND") { Description = "disk or net." };
        var options = new Argument<string>("OPTIONS") { Description = "As for --disk and --net of \"ringmaster run\"." };
        var output = OutputFormat.Option();
        var command = new Command("plug", "Plug a disk or a network device into a running VM.") { vm, kind, options, output };
        command.SetAction(parsed =>
        {
            var request = new VmDeviceRequest(parsed.GetValue(kind)!, parsed.GetValue(options)!, Environment.CurrentDirectory);
            Write(environment, VmCommands.Speak(parsed.GetValue(vm)!, c => c.Plug(request)), OutputFormat.IsJson(parsed, output));
        });
        return command;
    }

    internal static Command BuildUnplug(CliEnvironment environment)
    {
        var vm = VmCommands.VmArgument();
        var id = new Argument<string>("ID") { Description = "The device's name, as \"ringmaster devices\" shows it." };
        var output = OutputFormat.Option();
        var command = new Command("unplug", "Ask a VM's guest to let a device go, and wait until it has.") { vm, id, output };
        command.SetAction(parsed =>
            Write(environment, VmCommands.Speak(parsed.GetValue(vm)!, c => c.Unplug(parsed.GetValue(id)!)), OutputFormat.IsJson(parsed, output)));
        return command;
    }

    private static void Write(CliEnvironment environment, VmDevice device, bool isJson)
    {
        if (isJson)
            environment.Out.WriteLine(JsonSerializer.Serialize(device, ControlJson.Default.VmDevice));
        else
            VmText.Write(environment.Out, [device]);
    }
}
