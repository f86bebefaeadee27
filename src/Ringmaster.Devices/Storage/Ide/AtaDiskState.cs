namespace Ringmaster.Devices.Storage.Ide;

/// <summary>The part of an <see cref="IdeDriveState"/> that only an <see cref="AtaDisk"/> has.</summary>
/// <param name="Step">What it is doing.</param>
/// <param name="Opcode">The command that moves sectors, or 0.</param>
/// <param name="Block">The next block to move.</param>
/// <param name="Left">Sectors still to move.</param>
/// <param name="Heads">Of the translation that the host has chosen.</param>
/// <param name="Sectors">Of a track of this translation.</param>
/// <param name="Multiple">Sectors a block of READ and WRITE MULTIPLE; 0 if these are not set up.</param>
/// <param name="Power">What CHECK POWER MODE tells; null in sleep.</param>
/// <param name="IsWriteCached">Whether writes end before they are durable.</param>
/// <param name="LooksAhead">Whether the host lets it read ahead.</param>
/// <param name="IsSmartEnabled">Whether SMART is on.</param>
/// <param name="MultiwordMode">The chosen multiword DMA mode, or -1.</param>
/// <param name="UltraMode">The chosen Ultra DMA mode, or -1.</param>
public sealed record AtaDiskState(
    AtaStep Step,
    byte Opcode,
    ulong Block,
    uint Left,
    int Heads,
    int Sectors,
    int Multiple,
    byte? Power,
    bool IsWriteCached,
    bool LooksAhead,
    bool IsSmartEnabled,
    int MultiwordMode,
    int UltraMode);
