namespace Ringmaster.Bench.Monitors;

/// <summary>An image that a virtio disk shows.</summary>
/// <param name="Path">The file.</param>
/// <param name="Format">raw or qcow2.</param>
/// <param name="IsSnapshot">Whether the file stays as it is.</param>
internal sealed record GuestDisk(string Path, string Format, bool IsSnapshot);
