using Ringmaster.Cpu.Doorbells;
using Ringmaster.Cpu.Interrupts;
using Ringmaster.Cpu.Models;
using Ringmaster.Memory;

namespace Ringmaster.Cpu;

/// <summary>A way to execute guest code.</summary>
public interface IEngine : IDisposable
{
    /// <summary>The name that users choose it by: <c>"interpreter"</c>.</summary>
    string Name { get; }

    /// <summary>The CPU features that it can give a guest on this host.</summary>
    EngineFeatures Features { get; }

    /// <summary>The rate in Hz that guests' time-stamp counters have with it, if it cannot give them any other; null for any rate.</summary>
    ulong? TscFrequency => null;

    /// <summary>Makes a vCPU. Its state is undefined until <see cref="IVirtualCpu.Import"/>.</summary>
    /// <param name="index">Its number.</param>
    /// <param name="memory">The guest's RAM; shared by all vCPUs.</param>
    /// <param name="setup">What it looks like to the guest.</param>
    IVirtualCpu CreateVcpu(VcpuIndex index, GuestMemory memory, VcpuSetup setup);

    /// <summary>What leads to a guest's local APICs, if the engine has them itself; null otherwise.</summary>
    /// <param name="memory">The guest's RAM; it has a vCPU already.</param>
    IInterruptFabric? FabricOf(GuestMemory memory) => null;

    /// <summary>What turns a guest's writes into events, if the engine can; null otherwise.</summary>
    /// <param name="memory">The guest's RAM; it has a vCPU already.</param>
    IDoorbellBoard? DoorbellsOf(GuestMemory memory) => null;
}
