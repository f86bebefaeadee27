namespace Ringmaster.Cpu.Models;

/// <summary>A vCPU's place among the others.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Machine">How all are arranged.</param>
public readonly record struct VcpuTopology(VcpuIndex Index, CpuTopology Machine)
{
    /// <summary>A place among cores of one thread each in one package.</summary>
    /// <param name="index">The vCPU's number.</param>
    /// <param name="count">The number of vCPUs in the machine, 1 or more.</param>
    public VcpuTopology(VcpuIndex index, int count) : this(index, CpuTopology.OfCores(count))
    {
    }

    /// <summary>Its APIC ID.</summary>
    public uint ApicId => Machine.ApicIdOf(Index);
}
