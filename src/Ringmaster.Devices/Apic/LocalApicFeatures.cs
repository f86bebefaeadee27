namespace Ringmaster.Devices.Apic;

/// <summary>What a local APIC offers beyond the base architecture. Must agree with the CPU model's CPUID leaves.</summary>
public sealed record LocalApicFeatures
{
    /// <summary>x2APIC mode (CPUID.01h:ECX[21]).</summary>
    public bool X2Apic { get; init; } = true;

    /// <summary>TSC-deadline timer mode (CPUID.01h:ECX[24]).</summary>
    public bool TscDeadline { get; init; } = true;

    /// <summary>Software may keep EOIs from being broadcast (SDM 3A 11.8.5); wants I/O APICs with an EOI register.</summary>
    public bool EoiBroadcastSuppression { get; init; }

    /// <summary>The LVT has a CMCI entry (IA32_MCG_CAP[10]).</summary>
    public bool CorrectedMachineCheck { get; init; }

    /// <summary>
    /// LINT0 comes out of reset as unmasked ExtINT, as firmware leaves it for the "virtual wire" mode of the MP specification
    /// 3.6.2.2. For machines that start a kernel without firmware.
    /// </summary>
    public bool VirtualWireAtReset { get; init; }

    /// <summary>MAXPHYADDR (CPUID.80000008h:EAX[7:0]), 32 to 52: IA32_APIC_BASE bits above it are reserved.</summary>
    public int PhysicalAddressBits { get; init; } = 40;
}
