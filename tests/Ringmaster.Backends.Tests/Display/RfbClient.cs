using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ringmaster.Backends.Tests.Display;

/// <summary>The other end of the protocol (RFC 6143), written for these tests.</summary>
internal sealed class RfbClient : IDisposable
{
    private readonly Socket _socket;
    private readonly RfbDecoder _decoder = new();

    internal RfbClient(EndPoint address)
    {
        _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };
        _socket.Connect(address);
    }

    internal ClientFormat Format { get; private set; } = ClientFormat.Native;

    internal int Width { get; private set; }

    internal int Height { get; private set; }

    internal string Name { get; private set; } = "";

    /// <summary>The picture, each pixel as a number of the format.</summary>
    internal uint[] Pixels { get; private set; } = [];

    /// <summary>Rectangles of the last update that had pixels.</summary>
    internal List<(int X, int Y, int Width, int Height)> Changed { get; } = [];

    /// <summary>Numbers of the pseudo-encodings of the last update, with the first two numbers of their rectangles.</summary>
    internal List<(int Id, int X, int Y)> Told { get; } = [];

    /// <summary>Connects, without a password, and starts.</summary>
    internal static RfbClient Start(EndPoint address, bool isShared = true, params int[] encodings)
    {
        var client = new RfbClient(address);
        Assert.Equal([1], client.Greet("RFB 003.008\n"));
        client.Send(1);
        Assert.Equal(0, client.ReadInt32());
        client.Enter(isShared);
        if (encodings.Length > 0)
            client.SetEncodings(encodings);
        return client;
    }

    /// <summary>
    /// As <see cref="Start"/>, and patiently: clients that have gone keep their places until the server has read what they sent last.
    /// </summary>
    internal static RfbClient StartWhenThereIsRoom(EndPoint address, params int[] encodings)
    {
        for (var patience = 500; ; patience--)
        {
            try
            {
                return Start(address, isShared: true, encodings);
            }
            catch (Exception error) when (error is IOException or SocketException && patience > 0)
            {
                Thread.Sleep(20);
            }
        }
    }

    /// <summary>Exchanges versions.</summary>
    /// <returns>The types of security that the server offers; of version 3.3, the one it chose.</returns>
    internal byte[] Greet(string version)
    {
        Assert.Equal("RFB 003.008\n", Encoding.ASCII.GetString(Read(12)));
        Send(Encoding.ASCII.GetBytes(version));
        return version.Contains("3.003", StringComparison.Ordinal) ? [(byte)ReadInt32()] : Read(Read(1)[0]);
    }

    internal void Enter(bool isShared)
    {
        Send((byte)(isShared ? 1 : 0));
        Width = ReadUInt16();
        Height = ReadUInt16();
        Pixels = new uint[Width * Height];
        Assert.Equal(ClientFormat.Native.Message[4..], Read(16));
        Name = Encoding.ASCII.GetString(Read(ReadInt32()));
    }

    internal void SetFormat(ClientFormat format)
    {
        Format = format;
        Send(format.Message);
    }

    internal void SetEncodings(params int[] encodings)
    {
        var bytes = new byte[4 + encodings.Length * 4];
        bytes[0] = 2;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)encodings.Length);
        for (var i = 0; i < encodings.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + i * 4), encodings[i]);
        Send(bytes);
    }

    internal void Request(bool isIncremental = false) => Request(isIncremental, 0, 0, Width, Height);

    internal void Request(bool isIncremental, int x, int y, int width, int height) =>
        Send([3, (byte)(isIncremental ? 1 : 0), .. Two(x), .. Two(y), .. Two(width), .. Two(height)]);

    internal void SendKey(uint symbol, bool isDown) => Send([4, (byte)(isDown ? 1 : 0), 0, 0, .. Four(symbol)]);

    internal void SendCode(uint code, uint symbol, bool isDown) =>
        Send([255, 0, .. Two(isDown ? 1 : 0), .. Four(symbol), .. Four(code)]);

    internal void SendPointer(int x, int y, int mask) => Send([5, (byte)mask, .. Two(x), .. Two(y)]);

    internal void Send(params byte[] bytes) => _socket.Send(bytes);

    /// <summary>Reads an update and takes it on.</summary>
    internal void ReadUpdate()
    {
        Assert.Equal([0, 0], Read(2));
        Changed.Clear();
        Told.Clear();
        for (var left = ReadUInt16(); left > 0; left--)
        {
            var (x, y, width, height) = (ReadUInt16(), ReadUInt16(), ReadUInt16(), ReadUInt16());
            var encoding = ReadInt32();
            if (encoding < 0)
            {
                Told.Add((encoding, x, y));
                if (encoding == -308)
                    Assert.Equal([1, 0, 0, 0, .. new byte[8], .. Two(width), .. Two(height), 0, 0, 0, 0], Read(20));
                if (encoding is -308 or -223)
                    (Width, Height, Pixels) = (width, height, width == Width && height == Height ? Pixels : new uint[width * height]);
                continue;
            }
            Changed.Add((x, y, width, height));
            var pixels = _decoder.Decode(encoding, width, height, Format, Read);
            for (var i = 0; i < pixels.Length; i++)
                Pixels[(y + i / width) * Width + x + i % width] = pixels[i];
        }
    }

    /// <summary>Whether the server has said anything within a time.</summary>
    internal bool Hears(TimeSpan within) => _socket.Poll(within, SelectMode.SelectRead);

    /// <summary>Waits until the server closes the connection.</summary>
    internal void WaitForEnd()
    {
        var buffer = new byte[65536];
        try
        {
            while (_socket.Receive(buffer) > 0)
            {
            }
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
        }
    }

    internal byte[] Read(int count)
    {
        var bytes = new byte[count];
        for (var got = 0; got < count;)
        {
            var more = _socket.Receive(bytes, got, count - got, SocketFlags.None);
            if (more == 0)
                throw new EndOfStreamException();
            got += more;
        }
        return bytes;
    }

    internal int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Read(4));

    internal int ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(Read(2));

    public void Dispose() => _socket.Dispose();

    private static byte[] Two(int value) => [(byte)(value >> 8), (byte)value];

    private static byte[] Four(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
}
