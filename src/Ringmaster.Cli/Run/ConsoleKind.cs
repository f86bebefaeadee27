using Ringmaster.Host.Files;
using Ringmaster.Host.Terminals;

namespace Ringmaster.Cli.Run;

/// <summary>What the user sees the guest on.</summary>
/// <param name="IsTerminal">Whether a terminal is at one end at least: "ringmaster run | tee log" is used like a terminal.</param>
/// <param name="Size">The terminal's size, if it is known.</param>
internal readonly record struct ConsoleKind(bool IsTerminal, TerminalSize? Size)
{
    /// <summary>Looks at both ends.</summary>
    internal static ConsoleKind Of(FileDescriptor input, FileDescriptor output) => new(
        RawTerminal.IsTerminal(input) || RawTerminal.IsTerminal(output),
        TerminalSize.Of(output) ?? TerminalSize.Of(input));
}
