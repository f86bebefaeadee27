namespace Ringmaster.Devices.Chipset.AcpiPm;

/// <summary>Bits of the PM1 status and enable registers (ACPI 6.5 4.8.3.1).</summary>
[Flags]
internal enum Pm1Event : ushort
{
    None = 0,
    Timer = 1 << 0,
    BusMaster = 1 << 4,
    Global = 1 << 5,
    PowerButton = 1 << 8,
    SleepButton = 1 << 9,
    RealTimeClock = 1 << 10,
    Wake = 1 << 15,
    AnyStatus = Timer | BusMaster | Global | PowerButton | SleepButton | RealTimeClock | Wake,
    AnyEnable = Timer | Global | PowerButton | SleepButton | RealTimeClock,
}
