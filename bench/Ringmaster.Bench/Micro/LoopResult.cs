using Ringmaster.Bench.Report;

namespace Ringmaster.Bench.Micro;

/// <summary>What a loop achieved.</summary>
/// <param name="Name">The loop.</param>
/// <param name="Mips">Million guest instructions a second; null if the engine could not run it.</param>
/// <param name="CopiedMebibytes">Mebibytes copied a second, for a loop that copies.</param>
/// <param name="Failure">Why there is no figure.</param>
internal sealed record LoopResult(string Name, Spread? Mips, Spread? CopiedMebibytes, string? Failure);
