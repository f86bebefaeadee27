namespace Ringmaster.Devices.Storage.Nvme;

/// <summary>A completion that waits for room in its queue (NVM Express 1.4 section 4.6), a part of the saved state.</summary>
/// <param name="Result">What the command returns.</param>
/// <param name="Queue">The submission queue.</param>
/// <param name="Head">Where the submission queue has been read to.</param>
/// <param name="Command">The command's number.</param>
/// <param name="Status">The status field, bits 15 to 1; bit 0 is the phase tag's place.</param>
public readonly record struct NvmeCompletion(uint Result, ushort Queue, ushort Head, ushort Command, ushort Status);
