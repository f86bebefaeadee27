using Ringmaster.Conformance.Tests.Engines;
using Ringmaster.Cpu;
using Ringmaster.Cpu.Models;
using Ringmaster.Memory;

namespace Ringmaster.Conformance.Tests.Harness;

/// <summary>
/// A guest's memory and vCPU. Making a VM of the kernel's takes long, and taking on a state is to leave nothing of the one before, so
/// cases on such an engine follow each other in the same one.
/// </summary>
internal sealed class Stage : IDisposable
{
    private static readonly Dictionary<CpuidTable, Stage> s_kept = [];

    private readonly CpuidTable? _keptFor;

    private Stage(IEngine engine, CpuidTable model, CpuidTable? keptFor)
    {
        _keptFor = keptFor;
        Memory = GuestMemory.Create([new RamRange(new(0), Layout.MemorySize)]);
        var clock = engine.TscFrequency is { } rate ? new StoppedClock(rate) : new StoppedClock();
        Cpu = engine.CreateVcpu(new VcpuIndex(0), Memory, new VcpuSetup(model, clock));
    }

    public GuestMemory Memory { get; }

    public IVirtualCpu Cpu { get; }

    /// <summary>A stage that nobody else uses before it is disposed.</summary>
    public static Stage Enter(IEngine engine, CpuidTable model)
    {
        if (engine.Name != EngineUnderTest.Kvm)
            return new Stage(engine, model, keptFor: null);
        lock (s_kept)
        {
            if (!s_kept.Remove(model, out var stage))
                stage = new Stage(engine, model, keptFor: model);
            return stage;
        }
    }

    public void Dispose()
    {
        if (_keptFor is not null)
        {
            lock (s_kept)
            {
                if (s_kept.TryAdd(_keptFor, this))
                    return;
            }
        }
        Cpu.Dispose();
        Memory.Dispose();
    }
}
