using System.Runtime.InteropServices;
using Ringmaster.Host.Files;
using Ringmaster.Host.Terminals;

namespace Ringmaster.Cli.Run;

/// <summary>Holds the user's terminal in raw mode for as long as the guest has it, and gives it back however the program ends.</summary>
internal sealed class ConsoleTerminal : IDisposable
{
    private readonly RawTerminal _terminal;
    private readonly PosixSignalRegistration _continued;

    private ConsoleTerminal(RawTerminal terminal)
    {
        _terminal = terminal;
        AppDomain.CurrentDomain.ProcessExit += OnEnd;
        AppDomain.CurrentDomain.UnhandledException += OnEnd;
        // A shell gives a continued job its own settings back, not ours.
        _continued = PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => _terminal.Reapply());
    }

    /// <summary>Takes the terminal.</summary>
    /// <returns>Null if the descriptor is not a terminal.</returns>
    internal static ConsoleTerminal? Take(FileDescriptor input) =>
        RawTerminal.Enter(input) is { } terminal ? new ConsoleTerminal(terminal) : null;

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnEnd;
        AppDomain.CurrentDomain.UnhandledException -= OnEnd;
        _continued.Dispose();
        _terminal.Dispose();
    }

    private void OnEnd(object? sender, EventArgs arguments) => _terminal.Dispose();
}
