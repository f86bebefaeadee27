using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Ringmaster.Devices.State;

/// <summary>A device's state as it is kept in snapshots and sent in migrations.</summary>
/// <param name="Kind">The kind of device, <c>"uart16550"</c>; a state is only restored into a device of its kind.</param>
/// <param name="Version">Version of the kind's state record, from 1.</param>
/// <param name="Data">The state record as JSON, or null for a device that has none.</param>
public sealed record SavedState(string Kind, int Version, JsonElement? Data)
{
    /// <summary>Reads a state record.</summary>
    /// <param name="data">The record as JSON.</param>
    /// <param name="type">How it is read.</param>
    /// <param name="owner">Whose it is, for the message.</param>
    /// <exception cref="SavedStateException">It is missing or malformed.</exception>
    internal static T Read<T>(JsonElement? data, JsonTypeInfo<T> type, string owner) where T : class
    {
        try
        {
            return data?.Deserialize(type) ?? throw new SavedStateException($"{owner}: the saved state is empty.");
        }
        catch (Exception error) when (error is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new SavedStateException($"{owner}: the saved state is malformed: {error.Message}", error);
        }
    }
}
