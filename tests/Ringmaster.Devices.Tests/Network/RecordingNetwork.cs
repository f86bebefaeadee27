using Ringmaster.Devices.Network;

namespace Ringmaster.Devices.Tests.Network;

/// <summary>A network that keeps what is sent into it.</summary>
/// <param name="takesOffloads">Whether frames may come unfinished.</param>
/// <param name="note">Receives a line for each frame, if anything.</param>
internal sealed class RecordingNetwork(bool takesOffloads, Action<string>? note = null) : INetworkBackend
{
    public List<(byte[] Frame, FrameOffload Offload)> Sent { get; } = [];

    public int TimesReady { get; private set; }

    public bool TakesOffloads => takesOffloads;

    public void Send(ReadOnlySpan<byte> frame, in FrameOffload offload)
    {
        Assert.True(takesOffloads || offload.IsNone);
        Sent.Add((frame.ToArray(), offload));
        note?.Invoke($"sent {Convert.ToHexString(frame[..Math.Min(frame.Length, 40)])} of {frame.Length} {offload}");
    }

    public void Connect(FrameReceiver? receiver)
    {
    }

    public void ReceiverReady() => TimesReady++;
}
