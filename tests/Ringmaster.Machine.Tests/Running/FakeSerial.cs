using Ringmaster.Devices;

namespace Ringmaster.Machine.Tests.Running;

/// <summary>The other end of a serial line: keeps what came and sends what a test says.</summary>
internal sealed class FakeSerial : ISerialBackend
{
    private SerialReceiver? _receiver;

    public List<byte> Sent { get; } = [];

    public bool IsConnected => _receiver is not null;

    /// <summary>Called with each byte that the guest sends.</summary>
    public Action<byte>? OnTransmit { get; set; }

    public void Transmit(byte value)
    {
        OnTransmit?.Invoke(value);
        Sent.Add(value);
    }

    public void Connect(SerialReceiver? receiver) => _receiver = receiver;

    public void ReceiverReady()
    {
    }

    public int Type(params byte[] bytes) => _receiver?.Invoke(bytes) ?? 0;

    /// <summary>The receiver of now, which a back end on another thread may call once more after it was disconnected.</summary>
    public SerialReceiver? Receiver => _receiver;
}
