namespace Ringmaster.Devices.Storage.Nvme;

/// <summary>The saved state of the error information log.</summary>
/// <param name="Total">How many errors there have been.</param>
/// <param name="Errors">The last ones, newest first.</param>
public sealed record NvmeErrorLogState(ulong Total, NvmeError[] Errors);
