using System.Buffers.Binary;
using System.Net;
using Ringmaster.Devices.Network;

namespace Ringmaster.Backends.Tests.Network;

/// <summary>A guest that does by hand what an operating system's network does: ARP, DHCP, UDP and TCP, one thing at a time.</summary>
internal sealed class ScriptedGuest : IDisposable
{
    private readonly INetworkBackend _backend;
    private readonly FrameQueue _queue = new();

    internal ScriptedGuest(INetworkBackend backend, MacAddress mac)
    {
        _backend = backend;
        Mac = mac;
        backend.Connect(_queue.Receive);
    }

    internal MacAddress Mac { get; }

    /// <summary>The own address; set by <see cref="Configure"/>.</summary>
    internal IPAddress Address { get; set; } = IPAddress.Any;

    /// <summary>Where all IP goes.</summary>
    internal MacAddress Gateway { get; set; } = IpFrames.Everybody;

    /// <summary>Gets an address by DHCP (RFC 2131).</summary>
    /// <returns>The options of the acknowledgement, by number.</returns>
    internal Dictionary<byte, byte[]> Configure()
    {
        var offer = Dhcp([53, 1, 1]);
        Address = new(offer.Message[16..20]);
        var server = offer.Options[54];
        var acknowledgement = Dhcp([53, 1, 3, 50, 4, .. Address.GetAddressBytes(), 54, 4, .. server]);
        Assert.Equal([5], acknowledgement.Options[53]);
        Gateway = Resolve(new(acknowledgement.Options[3]));
        return acknowledgement.Options;
    }

    internal MacAddress Resolve(IPAddress address)
    {
        byte[] request =
        [
            .. new byte[12], 0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 1, .. new byte[6], .. Address.GetAddressBytes(), .. new byte[6], .. address.GetAddressBytes(),
        ];
        IpFrames.Everybody.Write(request);
        Mac.Write(request.AsSpan(6));
        Mac.Write(request.AsSpan(22));
        _backend.Send(request, FrameOffload.None);
        var reply = _queue.Take(f => f[12] == 8 && f[13] == 6 && f[21] == 2 && new IPAddress(f[28..32]).Equals(address));
        return MacAddress.Read(reply.AsSpan(22));
    }

    internal void SendUdp(IPAddress to, ushort sourcePort, ushort port, ReadOnlySpan<byte> data, ushort segment = 0)
    {
        byte[] header = [(byte)(sourcePort >> 8), (byte)sourcePort, (byte)(port >> 8), (byte)port, 0, 0, 0, 0];
        Send(to, IpFrames.UdpProtocol, header, data, segment);
    }

    /// <summary>The next datagram to a port, and where from.</summary>
    internal (byte[] Data, IPAddress From, ushort FromPort) ReceiveUdp(int port)
    {
        var frame = _queue.Take(f => IpFrames.Is(f, IpFrames.UdpProtocol, port));
        var end = IpFrames.Transport + BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(IpFrames.Transport + 4));
        return (frame[IpFrames.UdpData..end], new(frame[26..30]), BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(IpFrames.Transport)));
    }

    /// <summary>Opens a connection.</summary>
    internal ScriptedConnection Connect(IPAddress to, ushort port) => ScriptedConnection.Open(this, to, port);

    /// <summary>Waits for somebody to connect.</summary>
    internal ScriptedConnection Accept(ushort port) => ScriptedConnection.Accept(this, port);

    internal void Send(IPAddress to, byte protocol, byte[] transport, ReadOnlySpan<byte> data, ushort segment = 0) =>
        _backend.Send(IpFrames.Make(Gateway, Mac, Address, to, protocol, transport, data), IpFrames.Offload(protocol, segment));

    internal byte[] TakeTcp(int port) => _queue.Take(f => IpFrames.Is(f, IpFrames.TcpProtocol, port));

    public void Dispose()
    {
        _backend.Connect(null);
        _queue.Dispose();
    }

    private (byte[] Message, Dictionary<byte, byte[]> Options) Dhcp(byte[] options)
    {
        const int cookieAt = 236;
        var message = new byte[300];
        (message[0], message[1], message[2], message[4]) = (1, 1, 6, 0x77);
        Mac.Write(message.AsSpan(28));
        byte[] tail = [0x63, 0x82, 0x53, 0x63, .. options, 55, 4, 1, 3, 6, 26, 255];
        tail.CopyTo(message, cookieAt);
        SendUdp(IPAddress.Broadcast, 68, 67, message);
        var (reply, _, _) = ReceiveUdp(68);
        var found = new Dictionary<byte, byte[]>();
        for (var at = cookieAt + 4; reply[at] != 255; at += reply[at] == 0 ? 1 : 2 + reply[at + 1])
        {
            if (reply[at] != 0)
                found[reply[at]] = reply[(at + 2)..(at + 2 + reply[at + 1])];
        }
        return (reply, found);
    }
}
