namespace Ringmaster.Devices.Storage.Nvme;

/// <summary>Status code type (bits 10 to 8) and status code (bits 7 to 0) of a completion (NVM Express 1.4 section 4.6.1).</summary>
internal enum NvmeStatus : ushort
{
    Success = 0x000,
    InvalidOpcode = 0x001,
    InvalidField = 0x002,
    DataTransferError = 0x004,
    InternalError = 0x006,
    AbortRequested = 0x007,
    AbortedByQueueDeletion = 0x008,
    InvalidNamespace = 0x00B,
    CommandSequenceError = 0x00C,
    InvalidPrpOffset = 0x013,
    WriteProtected = 0x020,
    LbaOutOfRange = 0x080,
    CapacityExceeded = 0x081,
    CompletionQueueInvalid = 0x100,
    InvalidQueueIdentifier = 0x101,
    InvalidQueueSize = 0x102,
    EventRequestLimitExceeded = 0x105,
    InvalidInterruptVector = 0x108,
    InvalidLogPage = 0x109,
    InvalidQueueDeletion = 0x10C,
    FeatureNotSaveable = 0x10D,
    FeatureNotNamespaceSpecific = 0x10F,
    WriteFault = 0x280,
    UnrecoveredReadError = 0x281,
    CompareFailure = 0x285,
}
