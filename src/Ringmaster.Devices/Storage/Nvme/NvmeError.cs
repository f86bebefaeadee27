namespace Ringmaster.Devices.Storage.Nvme;

/// <summary>An entry of the error information log (NVM Express 1.4 section 5.14.1.1), a part of the saved state.</summary>
/// <param name="Number">Counts errors, from 1.</param>
/// <param name="Queue">The submission queue; FFFFh if the error is none of a command.</param>
/// <param name="Command">The command's number; FFFFh if the error is none of a command.</param>
/// <param name="Status">The completion's status field.</param>
/// <param name="Block">The first logical block that had it.</param>
/// <param name="Namespace">The namespace.</param>
public readonly record struct NvmeError(ulong Number, ushort Queue, ushort Command, ushort Status, ulong Block, uint Namespace);
