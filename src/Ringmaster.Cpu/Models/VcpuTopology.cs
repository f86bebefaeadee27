using System.Numerics;

namespace Ringmaster.Cpu.Models;

/// <summary>A vCPU's place: one of some cores with one thread each, all in one package.</summary>
/// <param name="Index">Its number, which is its APIC ID.</param>
/// <param name="Count">The number of vCPUs in the machine, 1 or more.</param>
public readonly record struct VcpuTopology(VcpuIndex Index, int Count)
{
    /// <summary>The low bits of an APIC ID that number the core in its package.</summary>
    public int CoreBits => BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, Count)));
}
