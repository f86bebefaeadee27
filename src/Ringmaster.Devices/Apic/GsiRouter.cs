using Ringmaster.Devices.Interrupts;

namespace Ringmaster.Devices.Apic;

/// <summary>
/// The board's interrupt wiring: which inputs of the 8259 pair and of the I/O APIC a global system interrupt reaches.
/// ISA interrupts reach both, IRQ 0 the I/O APIC's input 2 (the override that the MADT has to tell); GSIs from 16 on reach
/// the I/O APIC alone.
/// </summary>
public sealed class GsiRouter
{
    /// <summary>ISA interrupts, which the 8259 pair has too.</summary>
    public const int IsaCount = 16;

    /// <summary>The I/O APIC input of ISA IRQ 0, the system timer.</summary>
    public const int TimerGsi = 2;

    private readonly WiredOr[] _isa = new WiredOr[IsaCount];
    private readonly WiredOr[] _upper = new WiredOr[IoApic.InputCount - IsaCount];

    /// <summary>Wires the controllers.</summary>
    /// <param name="picInputs">The 16 inputs of the 8259 pair, by IRQ; that of IRQ 2, the cascade, is not driven.</param>
    /// <param name="ioApic">The machine's first I/O APIC.</param>
    public GsiRouter(IReadOnlyList<IInterruptLine> picInputs, IoApic ioApic)
    {
        ArgumentNullException.ThrowIfNull(picInputs);
        ArgumentNullException.ThrowIfNull(ioApic);
        ArgumentOutOfRangeException.ThrowIfNotEqual(picInputs.Count, IsaCount);
        for (var irq = 0; irq < IsaCount; irq++)
        {
            var pic = picInputs[irq];
            var apic = ioApic.Input(irq == 0 ? TimerGsi : irq);
            _isa[irq] = new WiredOr(irq == TimerGsi ? new InterruptLine(_ => { }) : new InterruptLine(level =>
            {
                pic.Set(level);
                apic.Set(level);
            }));
        }
        for (var i = 0; i < _upper.Length; i++)
            _upper[i] = new WiredOr(ioApic.Input(IsaCount + i));
    }

    /// <summary>A new wire to an ISA IRQ, joined with those made before. IRQ 2 is the cascade and reaches nothing.</summary>
    /// <param name="irq">0 to 15.</param>
    public IInterruptLine ConnectIsa(int irq) => _isa[irq].Connect();

    /// <summary>A new wire to a global system interrupt, joined with those made before.</summary>
    /// <param name="gsi">0 to 23. Below 16 it is the ISA IRQ of that number, but 2 is IRQ 0.</param>
    public IInterruptLine ConnectGsi(int gsi) => gsi switch
    {
        TimerGsi => ConnectIsa(0),
        < IsaCount => ConnectIsa(gsi),
        _ => _upper[gsi - IsaCount].Connect(),
    };
}
