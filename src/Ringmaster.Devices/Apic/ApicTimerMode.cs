namespace Ringmaster.Devices.Apic;

/// <summary>Bits 18:17 of the timer's LVT entry (SDM 3A 11.5.4).</summary>
internal enum ApicTimerMode
{
    OneShot,
    Periodic,
    TscDeadline,
    Reserved,
}
