namespace Ringmaster.Devices.Apic;

/// <summary>Sources inside a processor that have an entry of their own in the local vector table (SDM 3A 11.5.1).</summary>
public enum LocalInterrupt
{
    /// <summary>A corrected machine check reached its threshold.</summary>
    CorrectedMachineCheck,

    /// <summary>The thermal sensor tripped.</summary>
    Thermal,

    /// <summary>A performance counter overflowed.</summary>
    Performance,
}
