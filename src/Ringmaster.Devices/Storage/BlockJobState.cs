namespace Ringmaster.Devices.Storage;

/// <summary>The saved state of work that a disk has not finished.</summary>
/// <param name="Tag">The device's number for the command.</param>
/// <param name="Steps">What is left to do; the first step may have been done.</param>
/// <param name="Memory">Start and length of each range of guest memory that is read to or written from.</param>
/// <param name="Moved">Bytes of that memory that steps before the first have moved.</param>
/// <param name="Compares">Whether what is read is compared with memory instead of being stored there.</param>
public sealed record BlockJobState(ulong Tag, BlockStep[] Steps, ulong[] Memory, ulong Moved, bool Compares);
