using Ringmaster.Memory;

namespace Ringmaster.Firmware.Acpi;

/// <summary>What the ACPI tables say about a machine. The defaults are those of a PC.</summary>
/// <param name="CpuCount">Processors that are there.</param>
public sealed record AcpiPlatform(int CpuCount)
{
    /// <summary>Processors that could be there, at least <see cref="CpuCount"/>; null for as many as are.</summary>
    public int? MaxCpuCount { get; init; }

    /// <summary>How the processors that are not there come; null if they do not.</summary>
    public AcpiCpuHotplug? CpuHotplug { get; init; }

    /// <summary>APIC IDs of the processors, in order, those that are not there included; null for 0, 1, 2 and so on.</summary>
    public IReadOnlyList<uint>? ApicIds { get; init; }

    /// <summary>Power management, reset and soft-off.</summary>
    public AcpiPowerPorts Power { get; init; } = new();

    /// <summary>Register window of the local APICs.</summary>
    public GuestPhysicalAddress LocalApic { get; init; } = new(0xFEE0_0000);

    /// <summary>Register window of the I/O APIC, which takes global system interrupts from 0 on.</summary>
    public GuestPhysicalAddress IoApic { get; init; } = new(0xFEC0_0000);

    /// <summary>The I/O APIC's ID. CPUs have IDs of their own; on a system bus the two kinds may coincide.</summary>
    public byte IoApicId { get; init; }

    /// <summary>Register window of the HPET; null if there is none.</summary>
    public GuestPhysicalAddress? Hpet { get; init; } = new(0xFED0_0000);

    /// <summary>Bits 31 to 0 of the HPET's capability register.</summary>
    public uint HpetCapabilities { get; init; } = 0x8086_A201;

    /// <summary>The PCI bus; null if there is none.</summary>
    public AcpiPci? Pci { get; init; }

    /// <summary>Whether there is a PS/2 keyboard controller with keyboard and mouse.</summary>
    public bool HasKeyboardController { get; init; } = true;

    /// <summary>Whether there is a diskette controller.</summary>
    public bool HasFloppies { get; init; }

    /// <summary>Whether there is a VGA-compatible display.</summary>
    public bool HasVga { get; init; }

    /// <summary>Serial ports COM1, COM2, ... in order.</summary>
    public IReadOnlyList<AcpiSerialPort> SerialPorts { get; init; } = [new(new(0x3F8), 4)];

    internal uint ApicIdOf(int cpu) => ApicIds is null ? (uint)cpu : ApicIds[cpu];

    internal int PossibleCpus => Math.Max(MaxCpuCount ?? CpuCount, CpuCount);
}
