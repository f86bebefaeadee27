using Ringmaster.Devices.Interrupts;

namespace Ringmaster.Devices.Apic;

/// <summary>
/// An interrupt controller's input. Unlike <see cref="InterruptLine"/> its level can be restored without being reported as an
/// edge, so that a device that drives the same level again after a restore causes none.
/// </summary>
/// <param name="changed">Receives each new level.</param>
internal sealed class InputPin(Action<bool> changed) : IInterruptLine
{
    public bool IsAsserted { get; private set; }

    public void Set(bool asserted)
    {
        if (asserted == IsAsserted)
            return;
        IsAsserted = asserted;
        changed(asserted);
    }

    public void Restore(bool asserted) => IsAsserted = asserted;
}
