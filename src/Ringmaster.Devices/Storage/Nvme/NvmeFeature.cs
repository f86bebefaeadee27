namespace Ringmaster.Devices.Storage.Nvme;

/// <summary>Feature identifiers (NVM Express 1.4 section 5.21.1).</summary>
internal enum NvmeFeature : byte
{
    Arbitration = 0x01,
    PowerManagement = 0x02,
    TemperatureThreshold = 0x04,
    ErrorRecovery = 0x05,
    WriteCache = 0x06,
    NumberOfQueues = 0x07,
    InterruptCoalescing = 0x08,
    InterruptVector = 0x09,
    WriteAtomicity = 0x0A,
    EventConfiguration = 0x0B,
}
