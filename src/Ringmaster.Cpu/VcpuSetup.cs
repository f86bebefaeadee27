using Ringmaster.Cpu.Models;

namespace Ringmaster.Cpu;

/// <summary>What a vCPU looks like to the guest, beyond its state.</summary>
/// <param name="Cpuid">What CPUID returns, and by it which instructions, bits and registers exist.</param>
/// <param name="Tsc">The counter behind RDTSC.</param>
public sealed record VcpuSetup(CpuidTable Cpuid, ITimestampCounter Tsc)
{
    /// <summary>The initial APIC ID, as <see cref="Cpuid"/> tells it; unique among a guest's vCPUs.</summary>
    public uint ApicId { get; init; }

    /// <summary>Hears of what happens inside; null for nobody. A processor that executes the guest itself tells nothing.</summary>
    public IVcpuObserver? Observer { get; init; }
}
