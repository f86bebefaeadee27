using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Ringmaster.Cli.Help;

/// <summary>The standard help with examples, exit codes and keys behind it.</summary>
internal sealed class TeachingHelp(HelpAction standard) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        ArgumentNullException.ThrowIfNull(parseResult);
        var code = standard.Invoke(parseResult);
        var command = parseResult.CommandResult.Command;
        parseResult.InvocationConfiguration.Output.Write(command is RootCommand ? HelpText.Root : HelpText.For(command.Name));
        return code;
    }
}
