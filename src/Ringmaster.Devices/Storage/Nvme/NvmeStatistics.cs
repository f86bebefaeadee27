namespace Ringmaster.Devices.Storage.Nvme;

/// <summary>What the SMART log counts, a part of the saved state.</summary>
/// <param name="SectorsRead">Sectors read.</param>
/// <param name="SectorsWritten">Sectors written.</param>
/// <param name="Reads">Commands that read.</param>
/// <param name="Writes">Commands that wrote.</param>
/// <param name="MediaErrors">Commands that failed for the disk's fault.</param>
public sealed record NvmeStatistics(ulong SectorsRead, ulong SectorsWritten, ulong Reads, ulong Writes, ulong MediaErrors)
{
    /// <summary>Nothing counted.</summary>
    internal static NvmeStatistics None { get; } = new(0, 0, 0, 0, 0);
}
