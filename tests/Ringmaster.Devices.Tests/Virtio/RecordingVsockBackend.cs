using System.Text;
using Ringmaster.Devices.Virtio.Vsock;

namespace Ringmaster.Devices.Tests.Virtio;

/// <summary>A host's end that notes what it is told.</summary>
public sealed class RecordingVsockBackend : IVsockBackend
{
    public List<string> Log { get; } = [];

    public int Bytes { get; private set; }

    public void Attach(IVsockGuest? guest) => Log.Add("attach");

    public void Connect(VsockStream stream) => Log.Add($"connect {stream.GuestPort}-{stream.HostPort}");

    public void Accepted(VsockStream stream) => Log.Add($"accepted {stream.GuestPort}-{stream.HostPort}");

    public void Send(VsockStream stream, ReadOnlySpan<byte> bytes)
    {
        Bytes += bytes.Length;
        if (bytes.Length < 100)
            Log.Add($"send {Encoding.ASCII.GetString(bytes)}");
    }

    public void ReceiverReady(VsockStream stream) => Log.Add("ready");

    public void Ended(VsockStream stream) => Log.Add("ended");

    public void Closed(VsockStream stream) => Log.Add($"closed {stream.GuestPort}-{stream.HostPort}");

    public void Reset() => Log.Add("reset");
}
