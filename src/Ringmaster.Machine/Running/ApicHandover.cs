using Ringmaster.Cpu.Interrupts;
using Ringmaster.Devices.Apic;

namespace Ringmaster.Machine.Running;

/// <summary>
/// Who has the local APICs: the engine while the guest runs, if it has some itself, and the machine's devices otherwise. The VM's clock runs
/// at both changes, so that timers lose no time and gain none.
/// </summary>
/// <param name="bus">Between the APICs.</param>
/// <param name="fabric">What leads to the engine's; null where it has none.</param>
internal sealed class ApicHandover(ApicBus bus, IInterruptFabric? fabric)
{
    private readonly FabricCarrier? _carrier = fabric is null ? null : new FabricCarrier(fabric);

    /// <summary>The vCPUs are about to run. With the machine's lock held.</summary>
    public void Lend(IReadOnlyList<VcpuRunner> runners)
    {
        if (_carrier is null)
            return;
        foreach (var runner in runners)
            runner.LendApic();
        bus.Lend(_carrier);
    }

    /// <summary>The vCPUs stand still. With the machine's lock held.</summary>
    public void TakeBack(IReadOnlyList<VcpuRunner> runners)
    {
        if (_carrier is null)
            return;
        foreach (var runner in runners)
            runner.TakeApicBack();
        bus.TakeBack();
    }
}
