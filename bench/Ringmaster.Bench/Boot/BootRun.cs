using System.ComponentModel;
using System.Diagnostics;

namespace Ringmaster.Bench.Boot;

/// <summary>Boots a guest once, measures, and ends the monitor.</summary>
internal static class BootRun
{
    public static async Task<BootSample> MeasureAsync(Contestant contestant, BootOptions options)
    {
        var start = new ProcessStartInfo(contestant.Program, contestant.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var timeout = new CancellationTokenSource(options.Timeout);
        var watch = Stopwatch.StartNew();
        using var process = Start(start);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var console = new ConsoleReader(process.StandardOutput.BaseStream, options.Marker);
        try
        {
            if (!await console.FindMarkerAsync(timeout.Token).ConfigureAwait(false))
            {
                await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
                var said = (await errors.ConfigureAwait(false)).Trim();
                return Failed($"it ended with exit code {process.ExitCode}. {said}", console);
            }
            var elapsed = watch.Elapsed.TotalSeconds;
            var ram = ProcessMapping.Of(process.Id).Where(contestant.RamMapping).Sum(mapping => mapping.Resident);
            return new BootSample(elapsed, console.InitTime, PeakResident(process.Id), ram, null);
        }
        catch (OperationCanceledException)
        {
            return Failed($"no \"{options.Marker}\" within {options.Timeout.TotalSeconds:0} s.", console);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new BenchmarkException($"{start.FileName} cannot be started ({error.Message}). Install it, or leave it out with --only.");
        }
    }

    private static BootSample Failed(string reason, ConsoleReader console) =>
        new(null, console.InitTime, null, null, console.Tail.Length == 0 ? reason : $"{reason} The console's end:\n    {console.Tail}");

    private static long PeakResident(int process)
    {
        const string key = "VmHWM:";
        var line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith(key, StringComparison.Ordinal));
        return long.Parse(line[key.Length..].Trim().Split(' ')[0]) << 10;
    }
}
