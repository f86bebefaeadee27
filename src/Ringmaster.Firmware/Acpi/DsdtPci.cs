using Ringmaster.Firmware.Acpi.Aml;
using Ringmaster.Memory;
using static Ringmaster.Firmware.Acpi.Aml.AmlCode;

namespace Ringmaster.Firmware.Acpi;

/// <summary>The part of the DSDT that describes the PCI bus (PCI Firmware 3.3 chapter 4).</summary>
internal static class DsdtPci
{
    /// <summary>The host bridge, in \\_SB.</summary>
    public const string BridgeName = "PCI0";

    private const uint EcamSize = 0x1000_0000;
    private const int ConfigPorts = 0xCF8, ConfigPortCount = 8;

    private static readonly RamRange s_videoMemory = new(new(0xA0000), 0x2_0000);
    private static readonly Guid s_hostBridgeControl = new("33db4d5b-1ff7-401c-9657-7441c03dd766");

    public static IEnumerable<AmlTerm> Devices(AcpiPci pci)
    {
        yield return Device(BridgeName, HostBridge(pci));
        if (pci.Hotplug is { } hotplug)
            yield return DsdtPciHotplug.Ports(hotplug);
        // The operating system believes the MCFG table only if the memory is somebody's.
        if (pci.Ecam is { } ecam)
            yield return Device("ECAM", Name("_HID", EisaId("PNP0C02")), Name("_CRS", new AmlResources().Memory32(ecam, EcamSize).ToTerm()));
    }

    private static IEnumerable<AmlTerm> HostBridge(AcpiPci pci)
    {
        yield return Name("_HID", EisaId(pci.Ecam is null ? "PNP0A03" : "PNP0A08"));
        if (pci.Ecam is not null)
            yield return Name("_CID", EisaId("PNP0A03"));
        yield return Name("_UID", 0);
        yield return Name("_BBN", 0);
        var resources = new AmlResources().Buses(0, AcpiPci.LastBus).Io(new IoPort(ConfigPorts), ConfigPortCount)
            .IoWindow(0, ConfigPorts - 1).IoWindow(ConfigPorts + ConfigPortCount, ushort.MaxValue).MemoryWindow(s_videoMemory);
        foreach (var window in pci.Windows)
            resources.MemoryWindow(window);
        yield return Name("_CRS", resources.ToTerm());
        yield return Name("_PRT", Package([.. Routes(pci)]));
        if (pci.Ecam is not null)
            yield return Control();
        foreach (var term in pci.Hotplug is { } hotplug ? DsdtPciHotplug.Slots(hotplug) : [])
            yield return term;
    }

    /// <summary>Package () { device and any function, pin from 0, no link device, GSI } (ACPI 6.5 section 6.2.13).</summary>
    private static IEnumerable<AmlTerm> Routes(AcpiPci pci)
    {
        // Device 0 is the host bridge, which interrupts nobody; a package has at most 255 elements.
        for (var device = 1; device < 32; device++)
        {
            for (var pin = 1; pin <= 4; pin++)
                yield return Package((uint)device << 16 | 0xFFFF, (ulong)pin - 1, 0, (ulong)pci.Gsi(device, pin));
        }
    }

    /// <summary>_OSC: there are no native features to hand over, and everything else is refused (section 4.5.1).</summary>
    private static AmlTerm Control() => Method(
        "_OSC", 4,
        CreateDwordField(Argument(3), 0, "CDW1"),
        IfEqual(Argument(0), Uuid(s_hostBridgeControl), CreateDwordField(Argument(3), 8, "CDW3"), And("CDW3", 0)),
        Else(Or("CDW1", 4)),
        Return(Argument(3)));
}
