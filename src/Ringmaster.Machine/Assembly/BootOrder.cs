using Ringmaster.Devices.Pci;
using Ringmaster.Devices.Storage.Ahci;
using Ringmaster.Devices.Storage.Ide;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Machine.Assembly;

/// <summary>
/// The devices to boot from as firmware names them: paths as of Open Firmware (IEEE 1275 PCI binding 2.1), of which SeaBIOS
/// compares addresses and UEFI firmware the names, too.
/// </summary>
internal static class BootOrder
{
    private const string Bus = "/pci@i0cf8";

    /// <summary>The paths, in the order of a configuration.</summary>
    /// <param name="config">The machine.</param>
    /// <param name="bus">Its PCI bus, on which the devices are.</param>
    public static IReadOnlyList<string> Of(MachineConfig config, PciBus bus) =>
        [.. Of(config, new BootTargets(config.Disks, config.Networks), bus).Distinct()];

    private static IEnumerable<string> Of(MachineConfig config, BootTargets targets, PciBus bus) => config.Boot.Order.SelectMany(word =>
        targets.DisksOf(word).Select(i => DiskPath(i, targets.NameOfDisk(i), config, bus))
            .Concat(targets.NetworksOf(word).Select(i => NetworkPath(targets.NameOfNetwork(i), bus)).OfType<string>()));

    private static IEnumerable<int> Disks(MachineConfig config, Func<DiskConfig, bool> which) =>
        Enumerable.Range(0, config.Disks.Count).Where(i => which(config.Disks[i]));

    private static string DiskPath(int index, string name, MachineConfig config, PciBus bus)
    {
        var kind = config.Disks[index].Interface;
        switch (kind)
        {
            case DiskInterface.Virtio:
                return $"{Bus}/scsi{Place(bus, d => d.Name == name)}/disk@0,0";
            case DiskInterface.Nvme:
                return $"{Bus}/{Generic(bus, d => d.Name == name)}/namespace@1,0";
            case DiskInterface.Floppy:
                // The controller hangs on the ISA bridge, whose place depends on the chipset.
                return $"{Bus}/isa@{(config.Type == MachineType.Pc ? "1" : "1f")}/fdc@03f0/floppy@{Disks(config, d => d.Interface == DiskInterface.Floppy).TakeWhile(i => i != index).Count()}";
            case DiskInterface.Sata:
            case DiskInterface.CdRom when BoardDisks.HasSataCdRoms(config.Type):
                return $"{Bus}/{Generic(bus, d => d is AhciController)}/drive@{AtaPlace(index, config, DiskInterface.Sata)}/disk@0";
            default:
                var drive = AtaPlace(index, config, DiskInterface.Ide);
                return $"{Bus}/ide{Place(bus, d => d is PiixIde)}/drive@{drive / 2}/disk@{drive % 2}";
        }
    }

    /// <summary>Disks come before CD-ROM drives.</summary>
    private static int AtaPlace(int index, MachineConfig config, DiskInterface kind) =>
        Disks(config, d => d.Interface == kind).Concat(Disks(config, d => d.Interface == DiskInterface.CdRom)).TakeWhile(i => i != index).Count();

    /// <returns>Null for a network without a device: one that a machine may do without and that the host could not give.</returns>
    private static string? NetworkPath(string name, PciBus bus) =>
        bus.Functions.Any(f => f.Device.Name == name) ? $"{Bus}/ethernet{Place(bus, d => d.Name == name)}/ethernet-phy@0" : null;

    /// <summary>A device whose class has no name of its own.</summary>
    private static string Generic(PciBus bus, Func<IPciDevice, bool> which)
    {
        var identity = bus.Functions.Single(f => which(f.Device)).Device.Pci.Config;
        return $"pci{identity.Read(PciRegister.Vendor, 2):x},{identity.Read(PciRegister.Device, 2):x}{Place(bus, which)}";
    }

    private static string Place(PciBus bus, Func<IPciDevice, bool> which)
    {
        var address = bus.Functions.Single(f => which(f.Device)).Address;
        return address.Function == 0 ? $"@{address.Device:x}" : $"@{address.Device:x},{address.Function:x}";
    }
}
