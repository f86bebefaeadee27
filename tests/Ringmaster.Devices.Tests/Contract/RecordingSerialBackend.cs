namespace Ringmaster.Devices.Tests.Contract;

/// <summary>A serial back end that notes what it is told.</summary>
/// <param name="note">Receives a line for each call.</param>
public sealed class RecordingSerialBackend(Action<string> note) : ISerialBackend
{
    public List<byte> Sent { get; } = [];

    public int TimesReady { get; private set; }

    public void Transmit(byte value)
    {
        Sent.Add(value);
        note($"sent {value:x2}");
    }

    public void Connect(SerialReceiver? receiver) => note(receiver is null ? "disconnected" : "connected");

    public void ReceiverReady() => TimesReady++;
}
