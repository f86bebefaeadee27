using Ringmaster.Devices.Clock;
using Ringmaster.Devices.Interrupts;

namespace Ringmaster.Devices.Chipset.Hpet;

/// <summary>What an HPET is connected to.</summary>
/// <param name="Clock">Drives the main counter.</param>
/// <param name="Irq0">The system timer's ISA interrupt: the PIT's through <see cref="HpetDevice.PitInput"/>, or timer 0's.</param>
/// <param name="Irq8">The RTC's ISA interrupt: the RTC's through <see cref="HpetDevice.RtcInput"/>, or timer 1's.</param>
/// <param name="ConnectGsi">Makes a wire to a global system interrupt; called for each of <see cref="HpetDevice.Routes"/> and timer.</param>
/// <param name="DeliverMsi">
/// Delivers a message-signalled interrupt (address, data), called "FSB interrupt" by the HPET specification; null to offer none.
/// </param>
public sealed record HpetWiring(
    IVmClock Clock, IInterruptLine Irq0, IInterruptLine Irq8, Func<int, IInterruptLine> ConnectGsi,
    Action<ulong, uint>? DeliverMsi = null);
