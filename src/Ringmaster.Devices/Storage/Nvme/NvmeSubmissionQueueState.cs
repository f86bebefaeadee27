namespace Ringmaster.Devices.Storage.Nvme;

/// <summary>The saved state of a submission queue.</summary>
/// <param name="Start">Guest-physical address of the first entry.</param>
/// <param name="Size">Entries.</param>
/// <param name="CompletionQueue">Where completions go.</param>
/// <param name="Head">Where the controller has read to.</param>
/// <param name="Tail">Where software has written to.</param>
public sealed record NvmeSubmissionQueueState(ulong Start, int Size, ushort CompletionQueue, int Head, int Tail);
