using System.CommandLine;
using System.CommandLine.Help;
using Ringmaster.Cli.Commands.Vm;
using Ringmaster.Cli.Completion;
using Ringmaster.Cli.Help;

namespace Ringmaster.Cli.Commands;

/// <summary>All commands and their options.</summary>
internal static class CommandTree
{
    internal static RootCommand Build(CliEnvironment environment)
    {
        var root = new RootCommand("Runs unmodified x86 operating systems in virtual machines.");
        root.Subcommands.Add(RunCommand.Build(environment));
        foreach (var command in VmCommands.Build(environment))
            root.Subcommands.Add(command);
        root.Subcommands.Add(ValidateCommand.Build(environment));
        root.Subcommands.Add(DoctorCommand.Build(environment));
        root.Subcommands.Add(AuditCommand.Build(environment));
        root.Subcommands.Add(ImageCommand.Build(environment));
        root.Subcommands.Add(GuestCommand.Build(environment));
        root.Subcommands.Add(CompletionCommand.Build(environment, root));
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            if (help.Action is HelpAction standard)
                help.Action = new TeachingHelp(standard);
        }
        return root;
    }
}
