using System.Globalization;
using Ringmaster.Firmware.Acpi.Aml;
using static Ringmaster.Firmware.Acpi.Aml.AmlCode;

namespace Ringmaster.Firmware.Acpi;

/// <summary>The part of the DSDT by which PCI devices come and go (ACPI 6.5 sections 5.6.6 and 6.3; the registers of QEMU's "ACPI PCI hotplug" specification).</summary>
internal static class DsdtPciHotplug
{
    private const string Inserted = "PCIU", Leaving = "PCID", Eject = "B0EJ";
    private const ulong EjectRequest = 3;
    private const int Length = 0x14;

    /// <summary>What belongs to the host bridge: the registers, and a device for each slot.</summary>
    public static IEnumerable<AmlTerm> Slots(AcpiPciHotplug hotplug)
    {
        yield return IoRegion("PHPS", hotplug.Ports, Length);
        yield return Fields("PHPS", 4, (Inserted, 32), (Leaving, 32), (Eject, 32));
        foreach (var slot in hotplug.Slots)
        {
            yield return Device(
                NameOf(slot),
                Name("_ADR", (ulong)slot << 16),
                Name("_SUN", (ulong)slot),
                // The argument is always 1 (section 6.3.3).
                Method("_EJ0", 1, Store(1UL << slot, Reference(Eject))));
        }
    }

    /// <summary>What keeps the operating system from giving the registers' ports to a device.</summary>
    public static AmlTerm Ports(AcpiPciHotplug hotplug) => Device(
        "PHPR", Name("_HID", EisaId("PNP0C02")), Name("_UID", "PCI hot plug"), Name("_CRS", new AmlResources().Io(hotplug.Ports, Length).ToTerm()));

    /// <summary>The event's method: a check of new devices, and a request for those that are to leave.</summary>
    public static AmlTerm EventMethod(AcpiPciHotplug hotplug) => EdgeEvent(
        hotplug.Event,
        [
            // Reading takes the note of insertions back, so each is read once.
            Store(Reference(Bridge(Inserted)), Local(0)),
            Store(Reference(Bridge(Leaving)), Local(1)),
            .. from slot in hotplug.Slots
               from change in ((int Local, ulong Value)[])[(0, Dsdt.DeviceCheck), (1, EjectRequest)]
               select If(Both(Local(change.Local), 1UL << slot), Notify(Bridge(NameOf(slot)), change.Value)),
        ]);

    private static string Bridge(string name) => $"\\_SB.{DsdtPci.BridgeName}.{name}";

    private static string NameOf(int slot) => "S" + slot.ToString("X2", CultureInfo.InvariantCulture);
}
