using System.CommandLine;

namespace Ringmaster.Cli.Completion;

/// <summary>ringmaster completion.</summary>
internal static class CompletionCommand
{
    internal static Command Build(CliEnvironment environment, RootCommand root)
    {
        var shell = new Argument<string>("SHELL") { Description = "Which shell.", HelpName = "bash|zsh|fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print a script that completes commands and options in a shell.") { shell };
        command.SetAction(parsed => environment.Out.Write(parsed.GetValue(shell) switch
        {
            "bash" => CompletionScript.Bash(CompletionEntry.Of(root)),
            "zsh" => CompletionScript.Zsh(CompletionEntry.Of(root)),
            _ => CompletionScript.Fish(CompletionEntry.Of(root)),
        }));
        return command;
    }
}
