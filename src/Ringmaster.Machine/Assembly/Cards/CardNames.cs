using Ringmaster.Machine.Configuration;

namespace Ringmaster.Machine.Assembly.Cards;

/// <summary>Chooses the names of disks and network devices that have none.</summary>
/// <param name="config">The machine, which may give some.</param>
/// <param name="platform">Has all other devices.</param>
internal sealed class CardNames(MachineConfig config, PcPlatform platform)
{
    private readonly HashSet<string> _given = [.. config.Disks.Select(d => d.Id).Concat(config.Networks.Select(n => n.Id)).OfType<string>()];

    /// <summary>Whether a device has the name.</summary>
    public bool IsTaken(string name) => _given.Contains(name) || platform.Devices.Any(device => device.Name == name);

    /// <summary>The name of a device, which counts as given from now on.</summary>
    /// <param name="id">As the user wants it; null for one that is chosen.</param>
    /// <param name="prefix">How that begins.</param>
    /// <param name="number">The number behind it, or a larger one.</param>
    public string Choose(string? id, string prefix, int number = 0)
    {
        var name = id ?? DeviceNames.Choose(prefix, number, IsTaken);
        _given.Add(name);
        return name;
    }

    /// <summary>Gives a name free.</summary>
    public void Release(string name) => _given.Remove(name);
}
