using System.Text.Json.Serialization;
using Ringmaster.Bench.Report;

namespace Ringmaster.Bench.Suite;

/// <summary>Under which conditions was measured.</summary>
/// <param name="Host">Where.</param>
/// <param name="Start">When it began.</param>
/// <param name="Minutes">How long it took.</param>
/// <param name="Rounds">How often everything was measured.</param>
/// <param name="Seconds">About how long each program measured.</param>
/// <param name="Guest">Kernel, RAM and command line of the Linux guest.</param>
/// <param name="Qemu">What QEMU calls itself; null if it took no part.</param>
/// <param name="Compiler">How the programs were built.</param>
internal sealed record SuiteFacts(
    HostFacts Host, DateTimeOffset Start, double Minutes, int Rounds, double Seconds, string Guest, string? Qemu, string Compiler)
{
    /// <summary>How many rounds, in words.</summary>
    [JsonIgnore]
    public string RoundsText => Rounds == 1 ? "1 round" : $"{Rounds} rounds";
}
