namespace Ringmaster.Machine.Configuration;

/// <summary>Which board a machine has.</summary>
public enum MachineType
{
    /// <summary>82Q35 and ICH9: PCI Express.</summary>
    Q35,

    /// <summary>82441FX and PIIX3: for systems older than PCI Express.</summary>
    Pc,
}
