using System.Globalization;

namespace Ringmaster.Machine.Configuration.Reading;

/// <summary>Reads <c>NAME[,setting=value]</c> for an engine.</summary>
internal static class EngineText
{
    private static readonly string[] s_settings = ["cache", "threshold", "count", "perf-map", "compare"];

    public static Parsed<EngineConfig> Read(string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var choice = OptionText.Choice("engine", parts[0],
            ("auto", EngineChoice.Auto), ("interpreter", EngineChoice.Interpreter), ("translator", EngineChoice.Translator),
            ("kvm", EngineChoice.Kvm));
        if (!choice.TryGet(out var engine, out var problem))
            return Parsed<EngineConfig>.Wrong(problem);
        Parsed<EngineConfig> config = new EngineConfig(engine);
        foreach (var part in parts.Skip(1))
        {
            if (engine is EngineChoice.Interpreter or EngineChoice.Kvm)
                return Parsed<EngineConfig>.Wrong($"The engine \"{parts[0]}\" has no settings. Leave \"{part}\" out.");
            if (!config.TryGet(out var before, out _))
                return config;
            config = Apply(before, part);
        }
        return config;
    }

    private static Parsed<EngineConfig> Apply(EngineConfig config, string part)
    {
        var (name, value) = OptionText.Split(part);
        switch (name)
        {
            case "cache":
                return ByteSize.TryParse(value ?? "", out var size) && size.Bytes is >= 4 << 20 and <= 1 << 30 && size.Bytes % 4096 == 0
                    ? config with { CodeCache = size }
                    : Parsed<EngineConfig>.Wrong($"\"{part}\" is no size of a code cache. Write cache=SIZE with 4M to 1G, for example cache=64M.");
            case "threshold":
                return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var threshold) && threshold <= 1_000_000
                    ? config with { Threshold = threshold }
                    : Parsed<EngineConfig>.Wrong($"\"{part}\" is no threshold. Write threshold=N with 0 to 1000000.");
            case "count" when value is null:
                return config with { CountsInstructions = true };
            case "perf-map" when value is null:
                return config with { WritesPerfMap = true };
            case "compare" when value is null:
                return config with { Compares = true };
            case "count" or "perf-map" or "compare":
                return Parsed<EngineConfig>.Wrong($"\"{name}\" takes no value. Write only {name}.");
            default:
                return Parsed<EngineConfig>.Wrong(
                    $"There is no setting \"{name}\" of an engine.{Spelling.Suggestion(name, s_settings)} Choose from {string.Join(", ", s_settings)}.");
        }
    }
}
