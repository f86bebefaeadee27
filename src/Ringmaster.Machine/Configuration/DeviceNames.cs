using System.Globalization;

namespace Ringmaster.Machine.Configuration;

/// <summary>The names of disks and network devices: as given, or else a word with the device's number or the next one free.</summary>
internal static class DeviceNames
{
    /// <summary>Beginnings of the names that are chosen.</summary>
    public const string Disk = "disk", Network = "net";

    /// <summary>The disks' names and the networks', in their order.</summary>
    public static (IReadOnlyList<string> Disks, IReadOnlyList<string> Networks) Of(IReadOnlyList<DiskConfig> disks, IReadOnlyList<NetConfig> networks)
    {
        var taken = disks.Select(d => d.Id).Concat(networks.Select(n => n.Id)).OfType<string>().ToHashSet();
        return (Choose(disks.Select(d => d.Id), Disk, taken), Choose(networks.Select(n => n.Id), Network, taken));
    }

    /// <summary>Chooses a name for a device that has none.</summary>
    /// <param name="prefix">How it begins.</param>
    /// <param name="number">The number behind that, or a larger one.</param>
    /// <param name="isTaken">Whether another device has a name.</param>
    public static string Choose(string prefix, int number, Func<string, bool> isTaken)
    {
        while (true)
        {
            var name = prefix + number++.ToString(CultureInfo.InvariantCulture);
            if (!isTaken(name))
                return name;
        }
    }

    private static List<string> Choose(IEnumerable<string?> ids, string prefix, HashSet<string> taken)
    {
        var names = new List<string>();
        foreach (var id in ids)
        {
            names.Add(id ?? Choose(prefix, names.Count, taken.Contains));
            taken.Add(names[^1]);
        }
        return names;
    }
}
