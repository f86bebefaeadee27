using System.Buffers.Binary;
using System.Net;

namespace Ringmaster.Backends.Tests.Network;

/// <summary>A TCP connection of a <see cref="ScriptedGuest"/> over a wire that loses nothing (RFC 9293).</summary>
internal sealed class ScriptedConnection
{
    private const byte Fin = 0x01, Syn = 0x02, Push = 0x08, Acknowledge = 0x10;
    private const ushort OwnPort = 40_000;

    private readonly ScriptedGuest _guest;
    private readonly IPAddress _peer;
    private readonly ushort _port, _peerPort;
    private uint _sent = 1000;
    private uint _received;

    private ScriptedConnection(ScriptedGuest guest, IPAddress peer, ushort port, ushort peerPort)
    {
        _guest = guest;
        _peer = peer;
        _port = port;
        _peerPort = peerPort;
    }

    /// <summary>Asks for a connection without waiting for an answer.</summary>
    internal static void Knock(ScriptedGuest guest, IPAddress to, ushort port) => new ScriptedConnection(guest, to, OwnPort, port).Segment(Syn, []);

    internal static ScriptedConnection Open(ScriptedGuest guest, IPAddress to, ushort port)
    {
        var connection = new ScriptedConnection(guest, to, OwnPort, port);
        connection.Segment(Syn, []);
        connection._sent++;
        connection._received = connection.Take().Sequence + 1;
        connection.Segment(Acknowledge, []);
        return connection;
    }

    internal static ScriptedConnection Accept(ScriptedGuest guest, ushort port)
    {
        var frame = guest.TakeTcp(port);
        Assert.Equal(Syn, frame[IpFrames.Transport + 13]);
        var connection = new ScriptedConnection(guest, new(frame[26..30]), port, BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(IpFrames.Transport)))
        {
            _received = BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(IpFrames.Transport + 4)) + 1,
        };
        connection.Segment(Syn | Acknowledge, []);
        connection._sent++;
        return connection;
    }

    /// <summary>Sends bytes in one frame, which is left to be cut if a segment size is given.</summary>
    internal void Send(ReadOnlySpan<byte> data, ushort segment = 0)
    {
        Segment(Push | Acknowledge, data, segment);
        _sent += (uint)data.Length;
    }

    /// <summary>Receives so many bytes.</summary>
    internal byte[] Receive(int count)
    {
        var bytes = new List<byte>();
        while (bytes.Count < count)
        {
            var (sequence, data) = Take();
            if (data.Length == 0 || sequence != _received)
                continue;
            bytes.AddRange(data);
            _received += (uint)data.Length;
            Segment(Acknowledge, []);
        }
        return [.. bytes];
    }

    internal void Close() => Segment(Fin | Acknowledge, []);

    private (uint Sequence, byte[] Data) Take()
    {
        var frame = _guest.TakeTcp(_port);
        var at = IpFrames.Transport;
        var end = IpFrames.Ip + BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(IpFrames.Ip + 2));
        return (BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(at + 4)), frame[(at + (frame[at + 12] >> 4) * 4)..end]);
    }

    private void Segment(byte flags, ReadOnlySpan<byte> data, ushort segment = 0)
    {
        var header = new byte[20];
        BinaryPrimitives.WriteUInt16BigEndian(header, _port);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), _peerPort);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), _sent);
        if ((flags & Acknowledge) != 0)
            BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), _received);
        (header[12], header[13], header[14]) = (0x50, flags, 0xFF);
        _guest.Send(_peer, IpFrames.TcpProtocol, header, data, segment);
    }
}
