namespace Ringmaster.Devices.Pci;

/// <summary>Carries out doorbells off the vCPUs' threads, where that can be. Called with the machine's lock held.</summary>
public interface IPciDoorbells
{
    /// <summary>Where functions answer may have changed.</summary>
    /// <param name="doorbells">All doorbells that a guest can reach now, with their addresses or ports.</param>
    void Update(IEnumerable<(PciDoorbell Doorbell, ulong Address)> doorbells);
}
