using Ringmaster.Cpu;

namespace Ringmaster.Machine;

/// <summary>What a vCPU has done so far.</summary>
/// <param name="Instructions">Guest instructions carried out, as far as the engine counts them; else 0.</param>
/// <param name="Interrupts">Interrupts delivered.</param>
/// <param name="Exits">VM exits by kind, for example <c>"port read"</c>.</param>
/// <param name="Engine">What the engine counts beside.</param>
public sealed record VcpuStatistics(long Instructions, long Interrupts, IReadOnlyDictionary<string, long> Exits, IReadOnlyList<EngineCounter> Engine);
