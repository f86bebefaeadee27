using System.Numerics;

namespace Ringmaster.Cpu.Models;

/// <summary>How a machine's vCPUs are arranged: packages, all with as many cores, all with as many threads.</summary>
/// <param name="Sockets">Packages, 1 or more.</param>
/// <param name="Cores">Cores in each package, 1 or more.</param>
/// <param name="Threads">Threads of each core, 1 or more.</param>
/// <remarks>
/// vCPUs count threads first, then cores, then packages. In an APIC ID each of the three numbers has a field of its own, as
/// many bits wide as it needs (SDM 3A 9.9.1), so IDs have gaps where a number is not a power of two.
/// </remarks>
public readonly record struct CpuTopology(int Sockets, int Cores, int Threads)
{
    /// <summary>One package of cores with one thread each.</summary>
    public static CpuTopology OfCores(int count) => new(1, count, 1);

    /// <summary>The number of vCPUs.</summary>
    public int Count => Sockets * CountInPackage;

    /// <summary>The number of vCPUs in each package.</summary>
    public int CountInPackage => Cores * Threads;

    /// <summary>Bits of an APIC ID that number the thread in its core.</summary>
    public int ThreadBits => BitsFor(Threads);

    /// <summary>Bits of an APIC ID that number the vCPU in its package.</summary>
    public int PackageBits => BitsFor(Cores) + ThreadBits;

    /// <summary>All vCPUs, in order.</summary>
    public IEnumerable<VcpuIndex> Indices => Enumerable.Range(0, Count).Select(i => new VcpuIndex(i));

    /// <summary>A vCPU's APIC ID.</summary>
    public uint ApicIdOf(VcpuIndex index) =>
        (uint)(index.Value / CountInPackage << PackageBits | CoreOf(index) << ThreadBits | index.Value % Threads);

    /// <summary>The number of a vCPU's core in its package.</summary>
    public int CoreOf(VcpuIndex index) => index.Value / Threads % Cores;

    /// <summary>The number of a vCPU's package.</summary>
    public int SocketOf(VcpuIndex index) => index.Value / CountInPackage;

    private static int BitsFor(int count) => BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)count));
}
