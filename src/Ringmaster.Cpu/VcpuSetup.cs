using Ringmaster.Cpu.Models;

namespace Ringmaster.Cpu;

/// <summary>What a vCPU looks like to the guest, beyond its state.</summary>
/// <param name="Cpuid">What CPUID returns, and by it which instructions, bits and registers exist.</param>
/// <param name="Tsc">The counter behind RDTSC.</param>
public sealed record VcpuSetup(CpuidTable Cpuid, ITimestampCounter Tsc)
{
    /// <summary>Model-specific registers that RDMSR reads as fixed values: those of the CPU model. Writes to them go to the run loop.</summary>
    public IReadOnlyDictionary<uint, ulong> ConstantMsrs { get; init; } = new Dictionary<uint, ulong>();
}
