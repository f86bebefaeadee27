using System.Diagnostics;

namespace Ringmaster.Bench.Boot;

/// <summary>How long a short command takes.</summary>
internal static class CommandTiming
{
    private const int Runs = 10;

    /// <summary>Seconds of each of ten runs, after one that is not counted.</summary>
    public static IReadOnlyList<double> Measure(string program, params string[] arguments)
    {
        Once(program, arguments);
        return [.. Enumerable.Range(0, Runs).Select(_ => Once(program, arguments))];
    }

    private static double Once(string program, string[] arguments)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? watch.Elapsed.TotalSeconds
            : throw new BenchmarkException($"{program} {string.Join(' ', arguments)} ended with exit code {process.ExitCode}.");
    }
}
