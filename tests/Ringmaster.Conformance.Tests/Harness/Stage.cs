using Ringmaster.Conformance.Tests.Engines;
using Ringmaster.Cpu;
using Ringmaster.Cpu.Interrupts;
using Ringmaster.Cpu.Models;
using Ringmaster.Memory;

namespace Ringmaster.Conformance.Tests.Harness;

/// <summary>
/// A guest's memory and vCPU. Making a VM of the kernel's takes long, and taking on a state is to leave nothing of the one before, so
/// cases on such an engine follow each other in the same one.
/// </summary>
internal sealed class Stage : IDisposable
{
    private static readonly Dictionary<(IEngine Engine, CpuidTable Model), Stage> s_kept = [];

    private readonly (IEngine, CpuidTable)? _keptFor;

    private Stage(IEngine engine, CpuidTable model, bool isKept)
    {
        _keptFor = isKept ? (engine, model) : null;
        Memory = GuestMemory.Create([new RamRange(new(0), Layout.MemorySize)]);
        var clock = engine.TscFrequency is { } rate ? new StoppedClock(rate) : new StoppedClock();
        Cpu = engine.CreateVcpu(new VcpuIndex(0), Memory, new VcpuSetup(model, clock));
        Fabric = engine.FabricOf(Memory);
    }

    public GuestMemory Memory { get; }

    public IVirtualCpu Cpu { get; }

    /// <summary>What leads to the vCPU's local APIC, where the engine has that.</summary>
    public IInterruptFabric? Fabric { get; }

    /// <summary>A stage that nobody else uses before it is disposed.</summary>
    public static Stage Enter(IEngine engine, CpuidTable model)
    {
        if (!EngineUnderTest.IsKvm(engine.Name))
            return new Stage(engine, model, isKept: false);
        lock (s_kept)
        {
            if (!s_kept.Remove((engine, model), out var stage))
                stage = new Stage(engine, model, isKept: true);
            return stage;
        }
    }

    public void Dispose()
    {
        if (_keptFor is { } kept)
        {
            lock (s_kept)
            {
                if (s_kept.TryAdd(kept, this))
                    return;
            }
        }
        Cpu.Dispose();
        Memory.Dispose();
    }
}
