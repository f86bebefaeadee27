using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Ringmaster.Cpu.Models;

/// <summary>Reads the data files that are built into the assembly.</summary>
internal static class ModelData
{
    public static T Read<T>(string name, JsonTypeInfo<T> type)
    {
        using var stream = typeof(ModelData).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly lacks its resource '{name}'.");
        return JsonSerializer.Deserialize(stream, type)
            ?? throw new InvalidOperationException($"The resource '{name}' is empty.");
    }
}
