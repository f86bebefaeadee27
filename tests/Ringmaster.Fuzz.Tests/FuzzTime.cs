using System.Diagnostics;

namespace Ringmaster.Fuzz.Tests;

/// <summary>How long a fuzz test goes on: some seconds, or minutes where long tests are wanted.</summary>
internal sealed class FuzzTime(double seconds)
{
    private const double LongFactor = 60;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly double _seconds = IsLong ? seconds * LongFactor : seconds;

    public static bool IsLong => Environment.GetEnvironmentVariable("RINGMASTER_LONG_TESTS") == "1";

    public bool IsOver => _watch.Elapsed.TotalSeconds >= _seconds;

    /// <summary>
    /// Where new cases start: fixed, so that a default run is the same for everybody, or new at each long run. A failure
    /// names its own seed.
    /// </summary>
    public static ulong FirstSeed(ulong fixedSeed) => IsLong ? (ulong)DateTime.UtcNow.Ticks : fixedSeed;
}
