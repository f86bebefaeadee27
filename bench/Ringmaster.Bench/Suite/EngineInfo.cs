using System.Text.Json;

namespace Ringmaster.Bench.Suite;

/// <summary>An engine as "ringmaster doctor" describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Available">Whether it can run guests here.</param>
/// <param name="Explanation">Why, or why not.</param>
internal sealed record EngineInfo(string Name, bool Available, string Explanation)
{
    /// <summary>Reads what "ringmaster doctor -o json" prints.</summary>
    public static IReadOnlyList<EngineInfo> ParseDoctor(string json)
    {
        using var document = JsonDocument.Parse(json);
        return
        [
            .. document.RootElement.GetProperty("engines").EnumerateArray().Select(engine => new EngineInfo(
                engine.GetProperty("name").GetString()!,
                engine.GetProperty("available").GetBoolean(),
                engine.GetProperty("explanation").GetString()!)),
        ];
    }
}
