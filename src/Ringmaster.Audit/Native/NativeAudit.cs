using System.Diagnostics;
using System.Globalization;
using Ringmaster.Audit.Catalog;

namespace Ringmaster.Audit.Native;

/// <summary>What this host's processor makes of all instructions of the audit in user mode, seen from a process of its own.</summary>
/// <param name="Findings">By instruction.</param>
public sealed record NativeAudit(IReadOnlyDictionary<AuditedInstruction, NativeFinding> Findings)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>Starts the process, and another one behind an instruction that it does not survive.</summary>
    /// <param name="worker">The process that calls <see cref="NativeWorker.Run"/> with an index.</param>
    /// <param name="hasUmip">Whether this host's kernel uses CR4.UMIP.</param>
    public static NativeAudit Of(Func<int, ProcessStartInfo> worker, bool hasUmip)
    {
        ArgumentNullException.ThrowIfNull(worker);
        var seen = new Outcome?[AuditCatalog.Instructions.Count];
        for (var next = 0; next < seen.Length;)
            next = Run(worker(next), seen, next);
        return new(AuditCatalog.Instructions.Zip(seen).ToDictionary(
            pair => pair.First, pair => new NativeFinding(pair.Second, hasUmip && pair.First.IsUnderUmip && pair.Second?.Kind == OutcomeKind.Runs)));
    }

    /// <summary>Whether this host's kernel uses CR4.UMIP: it shows the feature then (Linux, Documentation/x86).</summary>
    public static bool HostHasUmip() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("flags", StringComparison.Ordinal))?.Split(' ').Contains("umip") ?? false;

    /// <returns>Where to go on.</returns>
    private static int Run(ProcessStartInfo worker, Outcome?[] seen, int first)
    {
        worker.RedirectStandardOutput = true;
        worker.RedirectStandardError = true;
        using var process = Process.Start(worker)!;
        using var watchdog = new Timer(_ => process.Kill(), null, s_patience, Timeout.InfiniteTimeSpan);
        // What a runtime says when it dies is of no interest, and must not fill the pipe.
        var errors = process.StandardError.ReadToEndAsync();
        var current = -1;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            if (words[0] == NativeWorker.Begin)
                current = (int)Number(words[1]);
            else if (words[0] == NativeWorker.Ran)
                seen[current] = Outcome.Runs(Number(words[1]));
            else if (words[0] == NativeWorker.Trapped)
                seen[current] = Outcome.Traps((int)Number(words[1]), words[2] == NativeWorker.NoError ? null : (uint)Number(words[2]));
        }
        process.WaitForExit();
        return current >= first ? current + 1 : throw new InvalidOperationException(
            $"The process that executes instructions on this host's processor did not start (exit code {process.ExitCode}): {errors.Result}");
    }

    private static ulong Number(string digits) => ulong.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
