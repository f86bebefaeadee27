using Ringmaster.Backends.Guests;
using Ringmaster.Machine.Configuration;
using Ringmaster.Machine.Configuration.Reading;

namespace Ringmaster.Cli.Run;

/// <summary>Makes a machine's complete description out of a file, the command line and defaults.</summary>
internal static class MachinePlan
{
    private const string SerialConsole = "console=ttyS0";

    /// <summary>The parameter by which the default guest's init is told what to run in place of a shell.</summary>
    private const string RunParameter = "ringmaster.run=";

    /// <summary>Lays the command line over the file.</summary>
    /// <returns>The options, and everything that is wrong with them.</returns>
    internal static (MachineOptions Options, IReadOnlyList<ConfigError> Errors) Combine(OptionSet arguments, string? file)
    {
        if (file is null)
            return (arguments.Options, [.. arguments.Errors, .. Named(arguments.Options.Conflicts())]);
        var read = ConfigFile.Read(file);
        var options = arguments.Options.Over(read.Options);
        // A conflict inside the file counts only if the command line did not resolve it.
        var open = options.Conflicts().ToList();
        var fromFile = read.Errors.Where(e => !IsConflict(e, read.Options) || open.Any(c => c.Path == e.Path && c.Message == e.Message));
        var fresh = open.Where(c => !read.Errors.Any(e => e.Path == c.Path && e.Message == c.Message));
        return (options, [.. fromFile.Select(e => e with { Path = e.Path.Length > 0 ? $"{file}: {e.Path}" : file }), .. arguments.Errors, .. Named(fresh)]);
    }

    /// <summary>Runs the interpreter beside the translator, which must not be ruled out by another choice of engine.</summary>
    internal static (MachineOptions Options, IReadOnlyList<ConfigError> Errors) Comparing(MachineOptions options, IReadOnlyList<ConfigError> errors)
    {
        var engine = options.Engine ?? EngineConfig.Default;
        if (engine.Choice is EngineChoice.Auto or EngineChoice.Translator)
            return (options with { Engine = engine with { Choice = EngineChoice.Translator, Compares = true } }, errors);
        var name = engine.Choice.ToString().ToLowerInvariant();
        return (options, [.. errors, new ConfigError("--debug-compare",
            $"It compares the translator with the interpreter and cannot run the engine \"{name}\". Leave --engine out or choose translator.")]);
    }

    /// <summary>Fills in what was not given: the default guest, and a console that the user can see.</summary>
    /// <param name="options">What was given.</param>
    /// <param name="fetchDefault">Fetches the default guest; called only without a kernel.</param>
    /// <param name="console">What the user sees the guest on.</param>
    internal static MachineConfig Complete(MachineOptions options, Func<DefaultGuest> fetchDefault, ConsoleKind console)
    {
        if (options.StartedFirmware is not null && options.Kernel is null)
            return options.Complete(null);
        if (options.Kernel is { } kernel)
            return options.Complete(kernel) with { CommandLine = options.CommandLine ?? (options.IsFlatBinary ? "" : SerialConsole) };
        var guest = fetchDefault();
        var config = options.Complete(guest.Kernel);
        var commandLine = options.CommandLine ?? SerialConsole;
        if (console.Size is { } known)
            commandLine += $" ringmaster.rows={known.Rows} ringmaster.cols={known.Columns}";
        if (console.IsTerminal)
            commandLine += $" TERM={Terminal()}";
        else if (!commandLine.Contains(RunParameter, StringComparison.Ordinal))
            // A shell that edits lines asks the terminal where the cursor is (ESC [ 6 n); without echo, busybox's does not edit.
            commandLine += $" {RunParameter}\"stty -echo; exec sh\"";
        return config with { Initrds = [guest.Initrd], CommandLine = commandLine };
    }

    // A word of the kernel's command line cannot hold a blank; TERM never does, unless it is no terminal name.
    private static string Terminal() =>
        Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } term && term.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '+')
            ? term : "linux";

    private static bool IsConflict(ConfigError error, MachineOptions options) =>
        options.Conflicts().Any(c => c.Path == error.Path && c.Message == error.Message);

    private static IEnumerable<ConfigError> Named(IEnumerable<ConfigError> conflicts) =>
        conflicts.Select(c => c with { Path = $"--{c.Path}" });
}
