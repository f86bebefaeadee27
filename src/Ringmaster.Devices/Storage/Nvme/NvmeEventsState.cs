namespace Ringmaster.Devices.Storage.Nvme;

/// <summary>The saved state of asynchronous events.</summary>
/// <param name="Requests">Outstanding requests, oldest first.</param>
/// <param name="ErrorPending">What the next request will return for an error, or 0.</param>
/// <param name="HealthPending">What the next request will return for a change of the disk's health, or 0.</param>
/// <param name="ErrorTold">An error has been told, and its log not been read.</param>
/// <param name="HealthTold">A change of the disk's health has been told, and its log not been read.</param>
public sealed record NvmeEventsState(ushort[] Requests, uint ErrorPending, uint HealthPending, bool ErrorTold, bool HealthTold);
