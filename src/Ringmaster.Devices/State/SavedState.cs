using System.Text.Json;

namespace Ringmaster.Devices.State;

/// <summary>A device's state as it is kept in snapshots and sent in migrations.</summary>
/// <param name="Kind">The kind of device, <c>"uart16550"</c>; a state is only restored into a device of its kind.</param>
/// <param name="Version">Version of the kind's state record, from 1.</param>
/// <param name="Data">The state record as JSON, or null for a device that has none.</param>
public sealed record SavedState(string Kind, int Version, JsonElement? Data);
