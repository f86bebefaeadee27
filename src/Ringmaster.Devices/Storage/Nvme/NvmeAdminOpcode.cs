namespace Ringmaster.Devices.Storage.Nvme;

/// <summary>Opcodes of the admin queue that are carried out (NVM Express 1.4 section 5).</summary>
internal enum NvmeAdminOpcode : byte
{
    DeleteSubmissionQueue = 0x00,
    CreateSubmissionQueue = 0x01,
    GetLogPage = 0x02,
    DeleteCompletionQueue = 0x04,
    CreateCompletionQueue = 0x05,
    Identify = 0x06,
    Abort = 0x08,
    SetFeatures = 0x09,
    GetFeatures = 0x0A,
    AsynchronousEventRequest = 0x0C,
}
