using Ringmaster.Devices.Pci;

namespace Ringmaster.Devices.Tests.Storage;

/// <summary>A bus that notes the interrupts of the one function on it.</summary>
public sealed class RecordingPciRoot : IPciRoot
{
    /// <summary>Data of the messages, oldest first.</summary>
    public List<uint> Messages { get; } = [];

    /// <summary>The level of the interrupt pin.</summary>
    public bool Pin { get; private set; }

    public void Moved()
    {
    }

    public void SetInterrupt(bool asserted) => Pin = asserted;

    public void SendMessage(ulong address, uint data) => Messages.Add(data);

    /// <summary>Finds a capability of a function.</summary>
    public static int CapabilityOf(PciFunction function, byte id)
    {
        ArgumentNullException.ThrowIfNull(function);
        var offset = (int)function.ReadConfig(PciRegister.Capabilities, 1);
        while (offset != 0 && function.ReadConfig(offset, 1) != id)
            offset = (int)function.ReadConfig(offset + 1, 1);
        return offset;
    }
}
