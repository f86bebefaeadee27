using System.CommandLine;
using System.Net.Http;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ringmaster.Control;

namespace Ringmaster.Cli.Commands.Vm;

/// <summary>The commands about VMs that run: ringmaster list, status, devices, pause and so on.</summary>
internal static class VmCommands
{
    internal static IEnumerable<Command> Build(CliEnvironment environment)
    {
        yield return List(environment);
        yield return Ask(environment, "status", "Tell what a VM is and what it is doing.", c => c.Status(), ControlJson.Default.VmStatus, VmText.Write);
        yield return Ask(environment, "stats", "Tell what a VM has done so far.", c => c.Statistics(), ControlJson.Default.VmStatistics, VmText.Write);
        yield return Ask(environment, "devices", "List a VM's devices.", c => c.Devices(), ControlJson.Default.VmDeviceArray, VmText.Write);
        yield return PlugCommands.BuildPlug(environment);
        yield return PlugCommands.BuildUnplug(environment);
        yield return CpusCommand.Build(environment);
        yield return ScreenshotCommand.Build(environment);
        yield return BalloonCommand.Build(environment);
        yield return Do(environment, "pause", "Let a VM stand still, its clock included.");
        yield return Do(environment, "resume", "Let a paused VM go on.");
        yield return Do(environment, "power-button", "Press a VM's power button: its guest shuts down, if it listens.");
        yield return Do(environment, "reset", "Press a VM's reset button.");
        yield return Do(environment, "stop", "End a VM at once, without asking its guest.");
    }

    private static Command List(CliEnvironment environment)
    {
        var output = OutputFormat.Option();
        var command = new Command("list", "List the VMs that run.") { output };
        command.SetAction(parsed =>
        {
            var found = ControlDirectory.Running().Select(name => Speak(name, c => c.Status())).ToList();
            if (OutputFormat.IsJson(parsed, output))
                environment.Out.WriteLine(JsonSerializer.Serialize([.. found], ControlJson.Default.VmStatusArray));
            else
                VmText.Write(environment.Out, found);
        });
        return command;
    }

    private static Command Ask<T>(
        CliEnvironment environment, string name, string description, Func<ControlClient, Task<T>> ask, JsonTypeInfo<T> type, Action<TextWriter, T> write)
    {
        var vm = VmArgument();
        var output = OutputFormat.Option();
        var command = new Command(name, description) { vm, output };
        command.SetAction(parsed =>
        {
            var answer = Speak(parsed.GetValue(vm)!, ask);
            if (OutputFormat.IsJson(parsed, output))
                environment.Out.WriteLine(JsonSerializer.Serialize(answer, type));
            else
                write(environment.Out, answer);
        });
        return command;
    }

    private static Command Do(CliEnvironment environment, string action, string description) =>
        Ask(environment, action, description, c => c.Do(action), ControlJson.Default.VmStatus, VmText.Write);

    internal static Argument<string> VmArgument() => new("VM") { Description = "The VM's name, as \"ringmaster list\" shows it, or the path of its control socket." };

    /// <summary>Asks a VM something.</summary>
    /// <exception cref="UserErrorException">It does not run, or refuses.</exception>
    internal static T Speak<T>(string vm, Func<ControlClient, Task<T>> ask)
    {
        var path = vm.Contains('/') ? vm : ControlDirectory.SocketOf(vm);
        using var client = new ControlClient(path);
        try
        {
            return ask(client).GetAwaiter().GetResult();
        }
        catch (HttpRequestException error)
        {
            throw new UserErrorException($"There is no VM at {path}. \"ringmaster list\" shows those that run.", error);
        }
        catch (InvalidOperationException refusal)
        {
            throw new UserErrorException(refusal.Message, refusal);
        }
    }
}
