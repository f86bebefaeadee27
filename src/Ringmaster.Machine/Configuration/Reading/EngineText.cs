using System.Globalization;
using Ringmaster.Cpu.Kvm;

namespace Ringmaster.Machine.Configuration.Reading;

/// <summary>Reads <c>NAME[,setting=value]</c> for an engine.</summary>
internal static class EngineText
{
    private static readonly string[] s_translator = ["cache", "threshold", "count", "perf-map", "compare"], s_kvm = ["irqchip", "ioeventfd"];

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
            if (engine is EngineChoice.Interpreter)
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
        // One that is chosen by itself may be any of the two.
        string[] settings = config.Choice switch
        {
            EngineChoice.Kvm => s_kvm,
            EngineChoice.Translator => s_translator,
            _ => [.. s_translator, .. s_kvm],
        };
        if (!settings.Contains(name))
            return Parsed<EngineConfig>.Wrong(
                $"There is no setting \"{name}\" of this engine.{Spelling.Suggestion(name, settings)} Choose from {string.Join(", ", settings)}.");
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
            case "irqchip":
                var choice = OptionText.Choice($"value of {name}", value ?? "", ("user", KvmIrqchip.User), ("split", KvmIrqchip.Split), ("kernel", KvmIrqchip.Kernel));
                return choice.TryGet(out var irqchip, out var problem) ? config with { Irqchip = irqchip } : Parsed<EngineConfig>.Wrong(problem);
            case "ioeventfd":
                var use = OptionText.Choice($"value of {name}", value ?? "", ("on", true), ("off", false));
                return use.TryGet(out var used, out var wrong) ? config with { UsesDoorbells = used } : Parsed<EngineConfig>.Wrong(wrong);
            default:
                return Parsed<EngineConfig>.Wrong($"\"{name}\" takes no value. Write only {name}.");
        }
    }
}
