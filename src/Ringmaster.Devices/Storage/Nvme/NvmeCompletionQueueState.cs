namespace Ringmaster.Devices.Storage.Nvme;

/// <summary>The saved state of a completion queue.</summary>
/// <param name="Start">Guest-physical address of the first entry.</param>
/// <param name="Size">Entries.</param>
/// <param name="Vector">The interrupt vector.</param>
/// <param name="Interrupts">Whether entries interrupt.</param>
/// <param name="Head">Where software has read to.</param>
/// <param name="Tail">Where the controller has written to.</param>
/// <param name="Phase">The phase tag of the next entry.</param>
/// <param name="Waiting">Completions for which there is no room.</param>
public sealed record NvmeCompletionQueueState(
    ulong Start, int Size, ushort Vector, bool Interrupts, int Head, int Tail, bool Phase, NvmeCompletion[] Waiting);
