using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Ringmaster.Backends.Guests;
using Ringmaster.Cli.Commands;
using Ringmaster.Machine;

namespace Ringmaster.Cli;

/// <summary>Takes a command line to its exit code. Every error of the program ends here, as a message.</summary>
internal sealed class Application(CliEnvironment environment)
{
    internal int Run(IReadOnlyList<string> arguments)
    {
        try
        {
            var parsed = CommandTree.Build(environment).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
                return ReportUsage(parsed);
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = environment.Out,
                Error = environment.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (Exception error) when (error is UserErrorException or MachineSetupException or GuestFilesException)
        {
            environment.Say(error.Message);
            if (IsVerbose(arguments) && error.InnerException is { } inner)
                environment.Error.WriteLine(inner);
            return ExitCodes.Usage;
        }
        catch (OperationCanceledException)
        {
            environment.Say("Interrupted.");
            return ExitCodes.Interrupted;
        }
#pragma warning disable CA1031 // The one place where host failures and bugs end; what remains is to tell about them.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return ReportFault(fault, IsVerbose(arguments));
        }
        finally
        {
            environment.Out.Flush();
        }
    }

    /// <summary>Tells about a failure of the host or a bug.</summary>
    internal int ReportFault(Exception fault, bool verbose)
    {
        environment.Say($"The host failed, or this is a bug: {fault.Message}");
        if (verbose)
            environment.Error.WriteLine(fault);
        environment.Error.WriteLine(
            (verbose ? "" : "Run it again with -v to see details. ")
            + "Please report it on the project's issue tracker with the command line and what \"ringmaster doctor\" prints.");
        return ExitCodes.HostFault;
    }

    /// <summary>Whether details are wanted, found without the parser because it may be what failed.</summary>
    internal static bool IsVerbose(IEnumerable<string> arguments) =>
        arguments.Any(a => a is "-v" or "--verbose" || a.StartsWith("--verbose=", StringComparison.Ordinal));

    private int ReportUsage(ParseResult parsed)
    {
        foreach (var error in parsed.Errors)
            environment.Say(error.Message);
        var path = new List<string>();
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult command; at = at.Parent)
            path.Insert(0, command.Command is RootCommand ? "ringmaster" : command.Command.Name);
        environment.Error.WriteLine($"Run \"{string.Join(' ', path)} --help\" to see what there is.");
        return ExitCodes.Usage;
    }
}
