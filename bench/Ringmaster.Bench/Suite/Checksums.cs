using Ringmaster.Bench.Guests;

namespace Ringmaster.Bench.Suite;

/// <summary>Knows what each program's result must be: what the first that ran it, usually the host, got.</summary>
internal sealed class Checksums
{
    private readonly Dictionary<string, (string Setting, string Checksum)> _first = [];

    /// <summary>Compares a result.</summary>
    /// <returns>What is wrong; null if it is right.</returns>
    public string? Check(string setting, ProgramResult result)
    {
        if (!_first.TryGetValue(result.Name, out var first))
            _first[result.Name] = first = (setting, result.Checksum);
        return first.Checksum == result.Checksum
            ? null
            : $"wrong result of {result.Name}: checksum {result.Checksum}, but {first.Checksum} in {first.Setting}";
    }
}
