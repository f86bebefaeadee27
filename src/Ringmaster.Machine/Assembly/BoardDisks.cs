using Ringmaster.Devices;
using Ringmaster.Devices.Chipset.DmaController;
using Ringmaster.Devices.Dma;
using Ringmaster.Devices.Pci;
using Ringmaster.Devices.Storage;
using Ringmaster.Devices.Storage.Ata;
using Ringmaster.Devices.Storage.Floppy;
using Ringmaster.Devices.Storage.Ide;
using Ringmaster.Machine.Assembly.Cards;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Machine.Assembly;

/// <summary>A machine's disks by what they are plugged into, and those controllers that are a part of the board.</summary>
internal sealed class BoardDisks
{
    private const int IdeDrives = 4, FloppyChannel = 2, FloppyIrq = 6;

    private readonly List<(DiskInterface Kind, IBlockBackend Backend, string Name)> _disks;
    private readonly DeviceCalls _calls;

    /// <summary>Names the disks.</summary>
    /// <param name="config">Describes them.</param>
    /// <param name="host">Has their back ends.</param>
    /// <param name="names">Names them.</param>
    /// <param name="calls">Calls their devices.</param>
    public BoardDisks(MachineConfig config, MachineHost host, CardNames names, DeviceCalls calls)
    {
        _calls = calls;
        _disks = [.. config.Disks.Select((disk, i) => (disk.Interface, host.Disks[i], names.Choose(disk.Id, DeviceNames.Disk, i)))];
    }

    /// <summary>The diskette drives' kinds, for the CMOS.</summary>
    public static IReadOnlyList<FloppyDriveKind> Drives(MachineConfig config, MachineHost host) =>
    [
        .. from index in Enumerable.Range(0, config.Disks.Count)
           where config.Disks[index].Interface == DiskInterface.Floppy
           select FloppyDrive.KindFor(host.Disks[index].Length),
    ];

    /// <summary>Disks with their own back ends, for devices that bring the lock.</summary>
    public IEnumerable<(IBlockBackend Backend, string Name)> OwnOf(DiskInterface kind) =>
        from disk in _disks where disk.Kind == kind select (disk.Backend, disk.Name);

    /// <summary>Disks as their devices see them, and what the guest can tell them apart by.</summary>
    public IEnumerable<(IBlockBackend Backend, string Name)> Of(DiskInterface kind) =>
        from disk in OwnOf(kind) select ((IBlockBackend)new LockedBlockBackend(disk.Backend, _calls), disk.Name);

    /// <summary>Adds the IDE controller, if there is something for it.</summary>
    public PiixIde? AddIde(PcPlatform platform, MachineType type, DmaSpace dma)
    {
        List<AtaDevice> drives =
        [
            .. Of(DiskInterface.Ide).Select(d => new AtaDisk(d.Backend, new AtaModel(d.Name, "Ringmaster disk"))),
            .. HasSataCdRoms(type) ? [] : CdRoms,
        ];
        if (drives.Count == 0)
            return null;
        if (drives.Count > IdeDrives)
            throw new MachineSetupException($"There are {drives.Count} IDE disks and CD-ROMs, but only {IdeDrives} places. Give some another interface.");
        AtaDevice? At(int place) => place < drives.Count ? drives[place] : null;
        var ide = platform.AddBoard(new PiixIde(dma,
            new IdeChannel(platform.ConnectIsa(14), At(0), At(1)), new IdeChannel(platform.ConnectIsa(15), At(2), At(3))));
        platform.Pci.Attach(type == MachineType.Pc ? PciAddress.OnBus0(1, 1) : PciAddress.OnBus0(31, 1), ide);
        return ide;
    }

    /// <summary>What hangs on SATA ports, in their order.</summary>
    public IReadOnlyList<AtaDevice> OnSata(MachineType type) =>
    [
        .. Of(DiskInterface.Sata).Select(d => new AtaDisk(d.Backend, new AtaModel(d.Name, "Ringmaster ATA disk", "1"))),
        .. HasSataCdRoms(type) ? CdRoms : [],
    ];

    /// <summary>Whether a board has its CD-ROM drives on SATA ports, as those with an ICH9 do, and not on a channel of a PIIX3.</summary>
    public static bool HasSataCdRoms(MachineType type) => type == MachineType.Q35;

    /// <summary>Adds the diskette controller and the DMA controller that it needs, if there are diskettes.</summary>
    /// <param name="platform">The board.</param>
    /// <param name="dma">Memory as devices see it.</param>
    /// <param name="hasTestDevice">Whether a <see cref="Devices.Debug.TestDevice"/> has some of the DMA controller's ports.</param>
    public void AddFloppies(PcPlatform platform, DmaSpace dma, bool hasTestDevice)
    {
        var drives = Of(DiskInterface.Floppy).Select(Drive).ToList();
        if (drives.Count == 0)
            return;
        var channels = platform.AddBoard(new IsaDmaController(dma, hasSecondPorts: !hasTestDevice));
        platform.AddBoard(new FloppyController(
            platform.ConnectIsa(FloppyIrq), channels.ChannelFor(FloppyChannel), drives[0], drives.Count > 1 ? drives[1] : null));
    }

    private IEnumerable<AtapiDrive> CdRoms =>
        Of(DiskInterface.CdRom).Select(d => new AtapiDrive(d.Backend, new AtaModel(d.Name, "Ringmaster CD-ROM")));

    private static FloppyDrive Drive((IBlockBackend Backend, string Name) disk)
    {
        try
        {
            return new FloppyDrive(disk.Backend, FloppyDrive.KindFor(disk.Backend.Length));
        }
        catch (ArgumentException error)
        {
            throw new MachineSetupException($"{disk.Name}: {error.Message.Split(" (Parameter", 2)[0]}", error);
        }
    }
}
