using Ringmaster.Devices.Interrupts;

namespace Ringmaster.Devices.Apic;

/// <summary>Joins several devices' wires to one input: asserted while any of them is.</summary>
/// <param name="output">The input.</param>
internal sealed class WiredOr(IInterruptLine output)
{
    private int _asserted;

    /// <summary>A further wire, not asserted.</summary>
    public IInterruptLine Connect() => new InterruptLine(asserted =>
    {
        _asserted += asserted ? 1 : -1;
        output.Set(_asserted > 0);
    });
}
