using System.CommandLine;
using System.Text.Json;
using Ringmaster.Control;
using Ringmaster.Machine.Configuration.Reading;

namespace Ringmaster.Cli.Commands.Vm;

/// <summary>ringmaster balloon.</summary>
internal static class BalloonCommand
{
    internal static Command Build(CliEnvironment environment)
    {
        var vm = VmCommands.VmArgument();
        var size = new Argument<string?>("SIZE")
        {
            Description = "How much memory the guest is to keep: 512M, 1.5G; a bare number counts MiB. Without it, tell how much it keeps.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var output = OutputFormat.Option();
        var command = new Command("balloon", "Take memory from a VM's guest, or give it back.") { vm, size, output };
        command.SetAction(parsed =>
        {
            var name = parsed.GetValue(vm)!;
            var answer = parsed.GetValue(size) is { } text ? VmCommands.Speak(name, c => c.Balloon(Bytes(text))) : VmCommands.Speak(name, c => c.Balloon());
            if (OutputFormat.IsJson(parsed, output))
                environment.Out.WriteLine(JsonSerializer.Serialize(answer, ControlJson.Default.VmBalloon));
            else
                environment.Out.WriteLine($"The guest keeps {answer.KeptBytes >> 20}M of {answer.MemoryBytes >> 20}M; it is asked to keep {answer.TargetBytes >> 20}M.");
        });
        return command;
    }

    private static ulong Bytes(string text) =>
        OptionText.Size(text).TryGet(out var size, out var problem) ? size.Bytes : throw new UserErrorException(problem);
}
