namespace Ringmaster.Devices.Storage.Nvme;

/// <summary>Opcodes of I/O queues that are carried out (NVM Express 1.4 section 6).</summary>
internal enum NvmeIoOpcode : byte
{
    Flush = 0x00,
    Write = 0x01,
    Read = 0x02,
    Compare = 0x05,
    WriteZeroes = 0x08,
    DatasetManagement = 0x09,
}
