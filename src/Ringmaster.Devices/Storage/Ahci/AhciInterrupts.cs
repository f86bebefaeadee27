namespace Ringmaster.Devices.Storage.Ahci;

/// <summary>Bits of a port's interrupt status (AHCI 1.3.1 section 3.3.5).</summary>
[Flags]
internal enum AhciInterrupts : uint
{
    None = 0,
    Registers = 1 << 0,
    PioSetup = 1 << 1,
    DeviceBits = 1 << 3,
    PortConnect = 1 << 6,
    PhyReady = 1 << 22,
    Overflow = 1 << 24,
    InterfaceFatal = 1 << 27,
    HostBusData = 1 << 28,
    HostBusFatal = 1 << 29,
    TaskFile = 1 << 30,

    /// <summary>All that software enables and clears; the other two follow the error register.</summary>
    Latched = 0xFD80_000F | 0x0000_0030,
}
