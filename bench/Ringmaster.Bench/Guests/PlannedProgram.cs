using System.Globalization;

namespace Ringmaster.Bench.Guests;

/// <summary>A program that a guest or the host is to run.</summary>
/// <param name="Name">The program.</param>
/// <param name="Seconds">About how long it measures.</param>
/// <param name="Copies">How many processes do the work at once; null for the program's own process, kept on one processor.</param>
internal sealed record PlannedProgram(string Name, double Seconds, int? Copies = null)
{
    /// <summary>The program's arguments.</summary>
    public IReadOnlyList<string> Arguments =>
        [Name, Seconds.ToString(CultureInfo.InvariantCulture), .. (string[])(Copies is { } copies ? [$"{copies}"] : [])];

    /// <summary>As a line of the guest's plan.</summary>
    public string Line => string.Join(' ', Arguments);
}
