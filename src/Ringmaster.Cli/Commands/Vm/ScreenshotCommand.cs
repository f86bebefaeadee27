using System.CommandLine;

namespace Ringmaster.Cli.Commands.Vm;

/// <summary>ringmaster screenshot.</summary>
internal static class ScreenshotCommand
{
    private const string Extension = ".png";

    internal static Command Build(CliEnvironment environment)
    {
        var vm = VmCommands.VmArgument();
        var file = new Option<string>("--file", "-f") { HelpName = "FILE", Description = "Where to write it; what is there is replaced. [default: VM.png]" };
        var command = new Command("screenshot", "Write what a VM's screen shows to a PNG file.") { vm, file };
        command.SetAction(parsed =>
        {
            var name = parsed.GetValue(vm)!;
            var path = parsed.GetValue(file) ?? Path.GetFileNameWithoutExtension(name) + Extension;
            var image = VmCommands.Speak(name, c => c.Screenshot());
            try
            {
                File.WriteAllBytes(path, image);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
            {
                throw new UserErrorException($"The picture cannot be written to {path}: {error.Message} Choose another file with -f.", error);
            }
            environment.Out.WriteLine(path);
        });
        return command;
    }
}
