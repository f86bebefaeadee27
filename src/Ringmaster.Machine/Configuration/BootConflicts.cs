using Ringmaster.Machine.Configuration.Reading;

namespace Ringmaster.Machine.Configuration;

/// <summary>What is wrong with a boot order in the machine it is for.</summary>
internal static class BootConflicts
{
    private const string Option = "boot";

    internal static IEnumerable<ConfigError> Of(BootConfig boot, bool hasFirmware, BootTargets targets)
    {
        if (!hasFirmware)
            yield return new(Option, "Only firmware boots from devices; a kernel is started directly. Leave out --boot, or add --firmware bios or --firmware uefi.");
        if (boot.Order.GroupBy(word => word).FirstOrDefault(g => g.Count() > 1)?.Key is { } twice)
            yield return new(Option, $"\"{twice}\" is in the order twice. Leave one out.");
        foreach (var word in boot.Order)
        {
            if (!targets.DisksOf(word).Any() && !targets.NetworksOf(word).Any())
                yield return new(Option, $"The machine has no {word}.{Remedy(word, targets)}");
        }
    }

    private static string Remedy(string word, BootTargets targets) =>
        word.TrimEnd([.. "0123456789"]) is var kind && BootConfig.Kinds.Contains(kind)
            ? $" Leave it out, or add --{kind}."
            : $"{Spelling.Suggestion(word, [.. BootConfig.Kinds, .. targets.Words])} "
                + (targets.Words.Any() ? $"It can boot from {string.Join(", ", targets.Words)}." : "Leave it out, or add --disk.");
}
