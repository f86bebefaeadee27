using System.Globalization;
using Ringmaster.Firmware.Acpi.Aml;
using static Ringmaster.Firmware.Acpi.Aml.AmlCode;

namespace Ringmaster.Firmware.Acpi;

/// <summary>The byte code of the DSDT: sleep states, devices that cannot be enumerated, processors.</summary>
internal static class Dsdt
{
    /// <summary>_STA of a device that is there.</summary>
    internal const ulong PresentEnabledShownWorking = 0xF;

    /// <summary>What a bus is notified of that is to look for a device (ACPI 6.5 section 5.6.6).</summary>
    internal const ulong DeviceCheck = 1;

    private const ulong PowerButtonPressed = 0x80;

    public static ReadOnlyMemory<byte> Build(AcpiPlatform platform) => List(
        Name("_S5", Package(platform.Power.SoftOffSleepType, platform.Power.SoftOffSleepType, 0, 0)),
        Scope("\\_SB", [.. platform.Pci is { } pci ? DsdtPci.Devices(pci) : [], .. LegacyDevices(platform), .. DsdtCpus.Devices(platform)]),
        PowerButtonMethod(platform.Power),
        platform.Pci?.Hotplug is { } hotplug ? DsdtPciHotplug.EventMethod(hotplug) : List(),
        platform.CpuHotplug is { } cpus ? DsdtCpus.EventMethod(cpus) : List()).Code;

    private static IEnumerable<AmlTerm> LegacyDevices(AcpiPlatform platform)
    {
        yield return IsaDevice("PIC", "PNP0000", new AmlResources().Io(new(0x20), 2).Io(new(0xA0), 2).Irq(2));
        yield return IsaDevice("TIMR", "PNP0100", new AmlResources().Io(new(0x40), 4).Irq(0));
        yield return IsaDevice("RTC", "PNP0B00", new AmlResources().Io(new(0x70), 2).Irq(8));
        if (platform.Hpet is { } hpet)
            yield return IsaDevice("HPET", "PNP0103", new AmlResources().Memory32(hpet, 0x400));
        if (platform.HasKeyboardController)
        {
            yield return IsaDevice("KBD", "PNP0303", new AmlResources().Io(new(0x60), 1).Io(new(0x64), 1).Irq(1));
            yield return IsaDevice("MOU", "PNP0F13", new AmlResources().Irq(12));
        }
        if (platform.HasFloppies)
            yield return IsaDevice("FDC0", "PNP0700", new AmlResources().Io(new(0x3F2), 4).Io(new(0x3F7), 1).Irq(6).Dma(2));
        for (var i = 0; i < platform.SerialPorts.Count; i++)
        {
            var port = platform.SerialPorts[i];
            yield return Device(
                $"COM{i + 1}",
                Name("_HID", EisaId("PNP0501")),
                Name("_UID", (ulong)(i + 1)),
                Name("_STA", PresentEnabledShownWorking),
                Name("_CRS", new AmlResources().Io(port.Port, 8).Irq(port.Irq).ToTerm()));
        }
        yield return Device("PWRB", Name("_HID", EisaId("PNP0C0C")), Name("_STA", PresentEnabledShownWorking));
    }

    private static AmlTerm IsaDevice(string name, string hardwareId, AmlResources resources) => Device(
        name,
        Name("_HID", EisaId(hardwareId)),
        Name("_STA", PresentEnabledShownWorking),
        Name("_CRS", resources.ToTerm()));

    private static AmlTerm PowerButtonMethod(AcpiPowerPorts power) => power.PowerButtonEvent is { } number
        ? EdgeEvent(number, Notify("\\_SB.PWRB", PowerButtonPressed))
        : List();
}
