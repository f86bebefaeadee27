using System.Globalization;
using Ringmaster.Firmware.Acpi.Aml;
using static Ringmaster.Firmware.Acpi.Aml.AmlCode;

namespace Ringmaster.Firmware.Acpi;

/// <summary>The part of the DSDT that describes processors, and how they come (ACPI 6.5 chapter 8; QEMU, docs/specs/acpi_cpu_hotplug).</summary>
internal static class DsdtCpus
{
    private const ulong NotPresent = 0;
    private const string Registers = "CPHP", Lock = "CPLK", Selector = "CSEL", IsEnabled = "CPEN", IsNew = "CINS", Status = "CSTA", Scan = "CSCN";
    private const int Length = 12;

    /// <summary>The processors and, where some can come, the registers.</summary>
    public static IEnumerable<AmlTerm> Devices(AcpiPlatform platform)
    {
        if (platform.CpuHotplug is { } hotplug)
            yield return RegisterDevice(platform, hotplug);
        for (var cpu = 0; cpu < platform.PossibleCpus; cpu++)
            yield return Device(NameOf(cpu), [Name("_HID", "ACPI0007"), Name("_UID", (ulong)cpu), .. Presence(platform, cpu)]);
    }

    /// <summary>The event's method.</summary>
    public static AmlTerm EventMethod(AcpiCpuHotplug hotplug) => EdgeEvent(hotplug.Event, Call($"\\_SB.{Registers}.{Scan}"));

    /// <summary>_UID is what ties a processor to its MADT entry (ACPI 6.5 section 8.4), which _MAT repeats for one that has come.</summary>
    private static IEnumerable<AmlTerm> Presence(AcpiPlatform platform, int cpu)
    {
        if (platform.CpuHotplug is null)
        {
            yield return Name("_STA", cpu < platform.CpuCount ? Dsdt.PresentEnabledShownWorking : NotPresent);
            yield break;
        }
        yield return Method("_STA", Return(Call($"\\_SB.{Registers}.{Status}", (ulong)cpu)));
        yield return Name("_MAT", Buffer(Madt.AppendProcessor(new ByteWriter(), cpu, platform.ApicIdOf(cpu), isThere: true).ToArray()));
    }

    private static AmlTerm RegisterDevice(AcpiPlatform platform, AcpiCpuHotplug hotplug) => Device(
        Registers,
        Name("_HID", EisaId("PNP0C02")),
        Name("_UID", "CPU hot plug"),
        Name("_CRS", new AmlResources().Io(hotplug.Ports, Length).ToTerm()),
        Mutex(Lock),
        IoRegion("CPHR", hotplug.Ports, Length),
        Fields("CPHR", 4, (Selector, 32)),
        Fields("CPHR", 1, (null, 32), (IsEnabled, 1), (IsNew, 1)),
        Method(
            Status, 1,
            Acquire(Lock),
            Store(Argument(0), Reference(Selector)),
            Store(NotPresent, Local(0)),
            If(Reference(IsEnabled), Store(Dsdt.PresentEnabledShownWorking, Local(0))),
            Release(Lock),
            Return(Local(0))),
        Method(
            Scan,
            [
                Acquire(Lock),
                .. Enumerable.Range(0, platform.PossibleCpus).SelectMany<int, AmlTerm>(cpu =>
                [
                    Store((ulong)cpu, Reference(Selector)),
                    // Writing it takes the note back.
                    If(Reference(IsNew), Notify($"\\_SB.{NameOf(cpu)}", Dsdt.DeviceCheck), Store(1, Reference(IsNew))),
                ]),
                Release(Lock),
            ]));

    private static string NameOf(int cpu) => "C" + cpu.ToString("X3", CultureInfo.InvariantCulture);
}
