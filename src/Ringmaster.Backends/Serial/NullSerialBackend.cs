using Ringmaster.Devices;

namespace Ringmaster.Backends.Serial;

/// <summary>A serial line with nothing at its other end: bytes out are lost, none come in.</summary>
public sealed class NullSerialBackend : ISerialBackend
{
    /// <inheritdoc/>
    public void Transmit(byte value)
    {
    }

    /// <inheritdoc/>
    public void Connect(SerialReceiver? receiver)
    {
    }

    /// <inheritdoc/>
    public void ReceiverReady()
    {
    }
}
