using Ringmaster.Cpu.Interrupts;
using Ringmaster.Devices.Apic;
using Ringmaster.Machine.Assembly;

namespace Ringmaster.Machine.Running;

/// <summary>
/// Who has the local APICs, and perhaps the other interrupt controllers: the engine while the guest runs, if it has some itself, and the
/// machine's devices otherwise. The VM's clock runs at both changes, so that timers lose no time and gain none.
/// </summary>
/// <param name="platform">The machine's.</param>
/// <param name="fabric">What leads to the engine's; null where it has none.</param>
internal sealed class ApicHandover(PcPlatform platform, IInterruptFabric? fabric)
{
    private readonly ApicBus _bus = platform.ApicBus;
    private readonly FabricCarrier? _carrier = fabric is null ? null : new FabricCarrier(fabric);
    private readonly ControllerHandover? _controllers =
        fabric?.Controllers is { } engine ? new ControllerHandover(platform.Pic, platform.IoApic, engine) : null;

    /// <summary>The vCPUs are about to run. With the machine's lock held.</summary>
    public void Lend(IReadOnlyList<VcpuRunner> runners)
    {
        if (_carrier is null)
            return;
        foreach (var runner in runners)
            runner.LendApic();
        // Level interrupts that wait are sent to them at once.
        _controllers?.Lend();
        _bus.Lend(_carrier);
    }

    /// <summary>The vCPUs stand still. With the machine's lock held.</summary>
    public void TakeBack(IReadOnlyList<VcpuRunner> runners)
    {
        if (_carrier is null)
            return;
        _controllers?.TakeBack();
        foreach (var runner in runners)
            runner.TakeApicBack();
        _bus.TakeBack();
    }
}
