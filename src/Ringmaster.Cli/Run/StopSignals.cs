using System.Runtime.InteropServices;

namespace Ringmaster.Cli.Run;

/// <summary>
/// Turns the signals that end a program into a request to stop. If the program does not follow within the time of grace, or
/// a second signal comes, it ends at once.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Timer? _patience;
    private readonly TimeSpan? _grace;
    private int _requests;

    /// <summary>Starts to listen.</summary>
    /// <param name="grace">How long stopping may take; null for as long as it takes.</param>
    internal StopSignals(TimeSpan? grace)
    {
        _grace = grace;
        _patience = grace is null ? null : new Timer(_ => Environment.Exit(ExitCodes.Interrupted));
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT])
            _registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
    }

    /// <summary>Cancelled when the program shall stop.</summary>
    internal CancellationToken Token => _stop.Token;

    /// <summary>Asks the program to stop, as a signal would.</summary>
    internal void Request()
    {
        if (Interlocked.Increment(ref _requests) > 1)
            Environment.Exit(ExitCodes.Interrupted);
        if (_grace is { } grace)
            _patience!.Change(grace, Timeout.InfiniteTimeSpan);
        _stop.Cancel();
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _patience?.Dispose();
        _stop.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        Request();
    }
}
