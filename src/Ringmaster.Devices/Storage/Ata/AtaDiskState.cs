namespace Ringmaster.Devices.Storage.Ata;

/// <summary>The saved state of a disk with ATA commands.</summary>
/// <param name="WriteCache">Whether writes may stay in a cache until they are flushed.</param>
/// <param name="LookAhead">Whether software wants data to be read ahead.</param>
/// <param name="IsSmartEnabled">Whether SMART is enabled.</param>
/// <param name="IsStandby">The disk has been told to rest.</param>
/// <param name="MultipleCount">Sectors of a block of READ MULTIPLE; 0 for not set.</param>
/// <param name="MultiwordMode">The multiword DMA mode that is set, or -1.</param>
/// <param name="UltraMode">The ultra DMA mode that is set, or -1.</param>
/// <param name="QueueError">The log of the last error of a queued command: 512 bytes, or none.</param>
public sealed record AtaDiskState(
    bool WriteCache,
    bool LookAhead,
    bool IsSmartEnabled,
    bool IsStandby,
    int MultipleCount,
    int MultiwordMode,
    int UltraMode,
    byte[] QueueError);
