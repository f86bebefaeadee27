namespace Ringmaster.Machine.Configuration;

/// <summary>What is wrong with a boot order in the machine it is for.</summary>
internal static class BootConflicts
{
    private const string Option = "boot";

    internal static IEnumerable<ConfigError> Of(BootConfig boot, bool hasFirmware, IReadOnlyList<DiskConfig> disks, int networks)
    {
        if (!hasFirmware)
            yield return new(Option, "Only firmware boots from devices; a kernel is started directly. Leave out --boot, or add --firmware bios or --firmware uefi.");
        if (boot.Order.GroupBy(word => word).FirstOrDefault(g => g.Count() > 1)?.Key is { } twice)
            yield return new(Option, $"\"{twice}\" is in the order twice. Leave one out.");
        foreach (var word in boot.Order)
        {
            var isThere = word switch
            {
                BootConfig.Disk => disks.Any(d => d.Interface != DiskInterface.CdRom),
                BootConfig.Cdrom => disks.Any(d => d.Interface == DiskInterface.CdRom),
                BootConfig.Net => networks > 0,
                BootConfig.Floppy => true,
                _ => Number(word, BootConfig.Disk) < disks.Count || Number(word, BootConfig.Net) < networks,
            };
            if (!isThere)
                yield return new(Option, $"The machine has no {word}. Leave it out, or add --{Kind(word)}.");
        }
    }

    private static int Number(string word, string kind) =>
        word.StartsWith(kind, StringComparison.Ordinal) && int.TryParse(word.AsSpan(kind.Length), out var number) ? number : int.MaxValue;

    private static string Kind(string word) => word.TrimEnd([.. "0123456789"]);
}
