namespace Ringmaster.Machine.Configuration;

/// <summary>What the words of a boot order stand for in a machine.</summary>
/// <param name="disks">The machine's disks, CD-ROM and diskette drives among them.</param>
/// <param name="networks">Its network devices.</param>
internal sealed class BootTargets(IReadOnlyList<DiskConfig> disks, IReadOnlyList<NetConfig> networks)
{
    private readonly (IReadOnlyList<string> Disks, IReadOnlyList<string> Networks) _names = DeviceNames.Of(disks, networks);

    /// <summary>All words that stand for something.</summary>
    public IEnumerable<string> Words =>
        BootConfig.Kinds.Where(word => DisksOf(word).Any() || NetworksOf(word).Any())
        .Concat(_names.Disks).Concat(_names.Networks);

    /// <summary>The numbers of the disks that a word stands for.</summary>
    public IEnumerable<int> DisksOf(string word) => Enumerable.Range(0, disks.Count).Where(i => word switch
    {
        BootConfig.Disk => disks[i].Interface is not (DiskInterface.CdRom or DiskInterface.Floppy),
        BootConfig.Cdrom => disks[i].Interface == DiskInterface.CdRom,
        // Firmware knows the first drive only.
        BootConfig.Floppy => disks[i].Interface == DiskInterface.Floppy && disks.Take(i).All(d => d.Interface != DiskInterface.Floppy),
        _ => _names.Disks[i] == word,
    });

    /// <summary>The numbers of the network devices that a word stands for.</summary>
    public IEnumerable<int> NetworksOf(string word) =>
        Enumerable.Range(0, networks.Count).Where(i => word == BootConfig.Net || _names.Networks[i] == word);

    /// <summary>The name of a network device.</summary>
    public string NameOfNetwork(int number) => _names.Networks[number];

    /// <summary>The name of a disk.</summary>
    public string NameOfDisk(int number) => _names.Disks[number];
}
