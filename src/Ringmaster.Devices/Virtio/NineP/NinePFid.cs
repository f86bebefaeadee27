namespace Ringmaster.Devices.Virtio.NineP;

/// <summary>A guest's handle of a file.</summary>
/// <param name="Number">The guest's number for it.</param>
/// <param name="Path">Names from the shared directory on, with slashes between them; empty for itself. Not always UTF-8.</param>
/// <param name="OpenFlags">How it is open (the access mode of open(2)); null if it is not.</param>
public sealed record NinePFid(uint Number, byte[] Path, int? OpenFlags);
