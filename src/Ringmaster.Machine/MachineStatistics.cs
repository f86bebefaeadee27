using Ringmaster.Cpu;

namespace Ringmaster.Machine;

/// <summary>What a machine has done so far.</summary>
/// <param name="Elapsed">Time the machine has run.</param>
/// <param name="Cpus">What each vCPU has done, in order.</param>
public sealed record MachineStatistics(TimeSpan Elapsed, IReadOnlyList<VcpuStatistics> Cpus)
{
    /// <summary>Guest instructions carried out, as far as the engine counts them; else 0.</summary>
    public long Instructions => Cpus.Sum(cpu => cpu.Instructions);

    /// <summary>Interrupts delivered to vCPUs.</summary>
    public long Interrupts => Cpus.Sum(cpu => cpu.Interrupts);

    /// <summary>What the engine counts beside, in its order.</summary>
    public IReadOnlyList<EngineCounter> Engine =>
        [.. Cpus.SelectMany(cpu => cpu.Engine).GroupBy(counter => counter.Name).Select(same => new EngineCounter(same.Key, same.Sum(counter => counter.Value)))];

    /// <summary>VM exits by kind, for example <c>"port read"</c>.</summary>
    public IReadOnlyDictionary<string, long> Exits =>
        Cpus.SelectMany(cpu => cpu.Exits).GroupBy(exits => exits.Key).ToDictionary(kind => kind.Key, kind => kind.Sum(exits => exits.Value));
}
