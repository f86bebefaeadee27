using System.Runtime.InteropServices;

namespace Ringmaster.Devices.Virtio.Vsock;

/// <summary>What a packet begins with (virtio 1.2 section 5.10.6).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct VsockHeader
{
    public const int Size = 44;
    public const ushort StreamType = 1;
    public const uint NoReceive = 1, NoSend = 2;

    public ulong SourceCid, DestinationCid;
    public uint SourcePort, DestinationPort, Length;
    public ushort Type;
    public VsockOperation Operation;
    public uint Flags, BufferSize, Forwarded;
}
