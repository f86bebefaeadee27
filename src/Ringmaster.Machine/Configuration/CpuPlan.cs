using Ringmaster.Cpu.Models;

namespace Ringmaster.Machine.Configuration;

/// <summary>A machine's vCPUs.</summary>
/// <param name="All">How all that there can be are arranged.</param>
/// <param name="Present">How many of them there are at the start, from the first on.</param>
public readonly record struct CpuPlan(CpuTopology All, int Present)
{
    /// <summary>All of them are there.</summary>
    public static implicit operator CpuPlan(CpuTopology all) => new(all, all.Count);
}
