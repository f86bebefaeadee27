using Ringmaster.Cli.Logging;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration.Reading;

namespace Ringmaster.Cli.Run;

/// <summary>What "ringmaster run" was asked for.</summary>
internal sealed record RunRequest
{
    /// <summary>The machine's options on the command line, with their errors.</summary>
    internal required OptionSet Arguments { get; init; }

    /// <summary>A file with further options.</summary>
    internal string? ConfigFile { get; init; }

    /// <summary>Whether to print statistics at the end.</summary>
    internal bool Statistics { get; init; }

    /// <summary>What to trace.</summary>
    internal TraceCategories Trace { get; init; }

    /// <summary>What to log.</summary>
    internal Verbosity Verbosity { get; init; } = Verbosity.Quiet;

    /// <summary>Whether to run the interpreter beside the translator.</summary>
    internal bool Compares { get; init; }

    /// <summary>What the VM is called; null for a name made of the process's ID.</summary>
    internal string? Name { get; init; }

    /// <summary>Where the control socket is to be: a path, <c>none</c>, or null for the usual place.</summary>
    internal string? Control { get; init; }

    /// <summary>Whether to print the result as JSON.</summary>
    internal bool Json { get; init; }
}
