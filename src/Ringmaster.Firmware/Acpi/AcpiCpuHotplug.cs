using Ringmaster.Memory;

namespace Ringmaster.Firmware.Acpi;

/// <summary>How processors come to a running machine.</summary>
/// <param name="Ports">The first of the registers' 12 ports (QEMU, docs/specs/acpi_cpu_hotplug).</param>
/// <param name="Event">The general-purpose event that tells of it.</param>
public sealed record AcpiCpuHotplug(IoPort Ports, int Event);
