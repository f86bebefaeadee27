namespace Ringmaster.Devices.Pci;

/// <summary>A device that does something when its configuration space is accessed, beyond what every function does.</summary>
public interface IConfigHook
{
    /// <summary>Software is about to read; the device may bring the bytes up to date.</summary>
    void Reading(int offset, int size);

    /// <summary>Software has written, and the bytes that it can write have changed.</summary>
    void Written(int offset, int size);
}
