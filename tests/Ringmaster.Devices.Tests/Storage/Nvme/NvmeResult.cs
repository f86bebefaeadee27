namespace Ringmaster.Devices.Tests.Storage.Nvme;

/// <summary>A completion as a driver finds it.</summary>
/// <param name="Status">Status code type and status code.</param>
/// <param name="Result">What the command returned.</param>
/// <param name="Command">The command's number.</param>
/// <param name="Head">Where the controller has read the submission queue to.</param>
/// <param name="MayRetry">The do-not-retry bit is clear.</param>
public sealed record NvmeResult(int Status, uint Result, ushort Command, int Head, bool MayRetry);
