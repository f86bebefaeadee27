namespace Ringmaster.Devices.Chipset.AcpiPm;

/// <summary>How much of a machine a guest wants reset.</summary>
public enum ResetKind
{
    /// <summary>INIT to the processors; devices and memory keep their state.</summary>
    Soft,

    /// <summary>Processors and devices.</summary>
    Hard,

    /// <summary>As after power was off and on again.</summary>
    PowerCycle,
}
