using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Ringmaster.Bench.Guests;

/// <summary>What a benchmark program found.</summary>
/// <param name="Name">The program.</param>
/// <param name="Nanoseconds">Time of one operation, by the clock of the system that it ran on.</param>
/// <param name="Checksum">Of its work's result.</param>
internal sealed record ProgramResult(string Name, double Nanoseconds, string Checksum)
{
    /// <summary>Reads a line "BENCH name value ns/operation checksum".</summary>
    public static bool TryParse(string line, [NotNullWhen(true)] out ProgramResult? result)
    {
        result = line.Split(' ') is ["BENCH", var name, var value, var unit, var checksum]
            && unit.StartsWith("ns/", StringComparison.Ordinal)
            && double.TryParse(value, CultureInfo.InvariantCulture, out var nanoseconds)
            ? new ProgramResult(name, nanoseconds, checksum)
            : null;
        return result is not null;
    }
}
