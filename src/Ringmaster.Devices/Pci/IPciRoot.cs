namespace Ringmaster.Devices.Pci;

/// <summary>The bus as a function on it sees it.</summary>
public interface IPciRoot
{
    /// <summary>Where the function answers may have changed.</summary>
    void Moved();

    /// <summary>Drives the function's interrupt pin.</summary>
    void SetInterrupt(bool asserted);

    /// <summary>Sends a message: stores 32 bits, which interrupts a processor.</summary>
    void SendMessage(ulong address, uint data);
}
