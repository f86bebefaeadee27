namespace Ringmaster.Devices.Storage.Ide;

/// <summary>The saved state of a <see cref="BusMaster"/>.</summary>
/// <param name="Command">The command register.</param>
/// <param name="Status">The status register.</param>
/// <param name="Table">The table's address register.</param>
/// <param name="Cursor">How far the transfer under way has come.</param>
public sealed record BusMasterState(byte Command, byte Status, uint Table, PrdCursor Cursor);
