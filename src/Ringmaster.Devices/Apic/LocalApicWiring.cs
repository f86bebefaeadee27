using Ringmaster.Devices.Clock;

namespace Ringmaster.Devices.Apic;

/// <summary>What a local APIC is connected to.</summary>
/// <param name="Bus">Carries messages between APICs.</param>
/// <param name="Output">The processor.</param>
/// <param name="Clock">Drives the timer.</param>
/// <param name="Tsc">The processor's time-stamp counter, for TSC-deadline mode.</param>
/// <param name="AcknowledgePic">An interrupt-acknowledge cycle at the 8259 pair: returns the vector it supplies.</param>
public sealed record LocalApicWiring(
    ApicBus Bus, ILocalApicOutput Output, IVmClock Clock, ITscClock Tsc, Func<byte> AcknowledgePic);
