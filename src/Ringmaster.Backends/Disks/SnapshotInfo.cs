namespace Ringmaster.Backends.Disks;

/// <summary>A snapshot inside an image.</summary>
/// <param name="Id">Unique within the image.</param>
/// <param name="Name">As the user chose it.</param>
/// <param name="Time">When it was made.</param>
/// <param name="Length">Bytes of the disk then.</param>
/// <param name="MachineStateLength">Bytes of a saved machine in it; 0 for the disk alone.</param>
public sealed record SnapshotInfo(string Id, string Name, DateTimeOffset Time, long Length, ulong MachineStateLength);
