namespace Ringmaster.Devices.Storage.Ide;

/// <summary>A place in the memory that a table of physical region descriptors (PRDs) describes.</summary>
/// <param name="Next">Address of the next descriptor.</param>
/// <param name="Address">Address in the present region.</param>
/// <param name="Left">Bytes left in the present region, at most 64 KiB.</param>
/// <param name="IsLast">Whether the present region is the last one.</param>
public readonly record struct PrdCursor(uint Next, uint Address, uint Left, bool IsLast);
