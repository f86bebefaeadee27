namespace Ringmaster.Devices.Pci;

/// <summary>A device that is a function on a PCI bus.</summary>
public interface IPciDevice : IDevice
{
    /// <summary>Its configuration space, registers and interrupts.</summary>
    PciFunction Pci { get; }
}
