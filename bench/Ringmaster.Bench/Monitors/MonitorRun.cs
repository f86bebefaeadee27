using System.Diagnostics;

namespace Ringmaster.Bench.Monitors;

/// <summary>Runs a monitor until its guest switches itself off.</summary>
internal static class MonitorRun
{
    private const int ShownLines = 5;
    private static readonly TimeSpan s_endPatience = TimeSpan.FromSeconds(10);

    /// <param name="monitor">What to run.</param>
    /// <param name="guest">What is to run in it.</param>
    /// <param name="silence">The longest time without a line on the console.</param>
    /// <param name="lineCame">Told each line while the monitor runs, with the process's number.</param>
    /// <param name="cancellation">Ends the monitor.</param>
    public static async Task<MonitorOutcome> RunAsync(
        IMonitor monitor, GuestSpec guest, TimeSpan silence, Action<int, ConsoleLine>? lineCame, CancellationToken cancellation)
    {
        var lines = new List<ConsoleLine>();
        var clock = Stopwatch.StartNew();
        // Its standard input stays open and silent until the end.
        using var process = HostCommand.Start(monitor.Program, monitor.Arguments(guest));
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await foreach (var line in ConsoleReader.LinesAsync(process.StandardOutput.BaseStream, clock, silence, cancellation).ConfigureAwait(false))
            {
                lines.Add(line);
                lineCame?.Invoke(process.Id, line);
                if (guest.EndMark is { } mark && line.Text.StartsWith(mark, StringComparison.Ordinal))
                    return new MonitorOutcome(lines, line.Seconds, null, null);
            }
            await process.WaitForExitAsync(cancellation).WaitAsync(s_endPatience, cancellation).ConfigureAwait(false);
            var seconds = clock.Elapsed.TotalSeconds;
            if (guest.EndMark is { } awaited && process.ExitCode == guest.ExitCode)
                return new MonitorOutcome(lines, seconds, Explain($"it ended before \"{awaited}\" came.", lines), null);
            if (process.ExitCode == guest.ExitCode)
                return new MonitorOutcome(lines, seconds, null, null);
            var said = (await errors.ConfigureAwait(false)).Trim();
            return monitor.Refuses(process.ExitCode)
                ? new MonitorOutcome(lines, seconds, null, said)
                : new MonitorOutcome(lines, seconds, Explain($"it ended with exit code {process.ExitCode}. {said}", lines), null);
        }
        catch (TimeoutException)
        {
            var reason = $"nothing came from the guest for {silence.TotalSeconds:0} s. Allow more with --timeout SECONDS.";
            return new MonitorOutcome(lines, clock.Elapsed.TotalSeconds, Explain(reason, lines), null);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private static string Explain(string reason, List<ConsoleLine> lines) => lines.Count == 0
        ? reason.TrimEnd()
        : $"{reason.TrimEnd()} The console's end:\n    {string.Join("\n    ", lines.TakeLast(ShownLines).Select(line => line.Text))}";
}
