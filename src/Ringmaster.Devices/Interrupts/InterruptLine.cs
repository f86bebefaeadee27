namespace Ringmaster.Devices.Interrupts;

/// <summary>A wire that remembers its level and reports each change to what it is connected to.</summary>
/// <param name="changed">Receives each new level.</param>
public sealed class InterruptLine(Action<bool> changed) : IInterruptLine
{
    /// <summary>The present level.</summary>
    public bool IsAsserted { get; private set; }

    /// <inheritdoc/>
    public void Set(bool asserted)
    {
        if (asserted == IsAsserted)
            return;
        IsAsserted = asserted;
        changed(asserted);
    }
}
