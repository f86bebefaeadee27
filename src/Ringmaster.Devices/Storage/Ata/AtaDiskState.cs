namespace Ringmaster.Devices.Storage.Ata;

/// <summary>The part of an <see cref="AtaDeviceState"/> that only an <see cref="AtaDisk"/> has.</summary>
/// <param name="Heads">Of the translation that the host has chosen.</param>
/// <param name="Sectors">Of a track of this translation.</param>
/// <param name="Multiple">Sectors a block of READ and WRITE MULTIPLE; 0 if these are not set up.</param>
/// <param name="IsWriteCached">Whether writes end before they are durable.</param>
/// <param name="LooksAhead">Whether the host lets it read ahead.</param>
/// <param name="IsSmartEnabled">Whether SMART is on.</param>
/// <param name="QueueError">The log of the last error of a queued command: 512 bytes, or none.</param>
public sealed record AtaDiskState(
    int Heads,
    int Sectors,
    int Multiple,
    bool IsWriteCached,
    bool LooksAhead,
    bool IsSmartEnabled,
    byte[] QueueError);
