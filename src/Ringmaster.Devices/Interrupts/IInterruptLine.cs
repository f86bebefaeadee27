namespace Ringmaster.Devices.Interrupts;

/// <summary>A wire from a device to an interrupt controller's input.</summary>
public interface IInterruptLine
{
    /// <summary>Drives the wire. Driving the level that it already has does nothing.</summary>
    /// <param name="asserted">True asserts the interrupt, whatever the electrical polarity.</param>
    void Set(bool asserted);
}
