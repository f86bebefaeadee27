namespace Ringmaster.Devices.Apic;

/// <summary>Local APIC registers: MMIO offset / 16, and MSR number - 800h (SDM 3A tables 11-1 and 11-6).</summary>
internal enum ApicRegister : byte
{
    Id = 0x02,
    Version = 0x03,
    TaskPriority = 0x08,
    ArbitrationPriority = 0x09,
    ProcessorPriority = 0x0A,
    Eoi = 0x0B,
    RemoteRead = 0x0C,
    LogicalDestination = 0x0D,
    DestinationFormat = 0x0E,
    SpuriousVector = 0x0F,
    InService0 = 0x10,
    TriggerMode0 = 0x18,
    Request0 = 0x20,
    ErrorStatus = 0x28,
    LvtCorrectedMachineCheck = 0x2F,
    CommandLow = 0x30,
    CommandHigh = 0x31,
    LvtTimer = 0x32,
    LvtThermal = 0x33,
    LvtPerformance = 0x34,
    LvtLint0 = 0x35,
    LvtLint1 = 0x36,
    LvtError = 0x37,
    InitialCount = 0x38,
    CurrentCount = 0x39,
    DivideConfiguration = 0x3E,
    SelfIpi = 0x3F,
}
