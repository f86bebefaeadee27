using System.Buffers.Binary;
using Ringmaster.Devices.Network;
using Ringmaster.Devices.Tests.Network;
using Ringmaster.Devices.Virtio;
using Ringmaster.Devices.Virtio.Net;

namespace Ringmaster.Devices.Tests.Virtio.Net;

/// <summary>A network card with a driver that has set it up.</summary>
internal sealed class NetDriver
{
    public static readonly MacAddress Own = new(0x5254_0012_3456);

    private readonly VirtioNetOptions _options;
    private readonly Dictionary<(int Pair, ushort Id), (ulong Address, int Length)> _buffers = [];

    /// <summary>Brings the card up.</summary>
    /// <param name="features">Wanted beyond virtio 1 itself.</param>
    /// <param name="takesOffloads">Whether the network takes unfinished frames.</param>
    /// <param name="pairs">Pairs of queues.</param>
    /// <param name="ringSize">Descriptors of each queue.</param>
    public NetDriver(ulong features, bool takesOffloads = true, int pairs = 1, int ringSize = 64)
    {
        Network = new RecordingNetwork(takesOffloads);
        _options = new VirtioNetOptions(Own) { QueuePairs = pairs, Mtu = 1400 };
        Card = new VirtioNet(_options, Network);
        Driver = new VirtioTestDriver(() => Card, VirtioNet.PciClass);
        Driver.Negotiate(features | VirtioFeature.Version1);
        var used = (Driver.Features & (NetFeature.MultiQueue | NetFeature.Rss)) != 0 ? pairs : 1;
        Rings = [.. Enumerable.Range(0, 2 * used + 1).Select(i => Driver.SetUp(i, ringSize))];
        Driver.Start();
    }

    public RecordingNetwork Network { get; private set; }

    public VirtioNet Card { get; private set; }

    public VirtioTestDriver Driver { get; }

    public IReadOnlyList<TestRing> Rings { get; }

    public int HeaderLength => NetHeader.LengthFor(Driver.Features);

    public TestRing Control => Rings[^1];

    public bool IsBroken => (Driver.DeviceStatus & VirtioStatus.NeedsReset) != 0;

    /// <summary>Sends a frame in as many buffers as there are cuts and one.</summary>
    public void Send(ReadOnlySpan<byte> frame, FrameOffload offload = default, int pair = 0, params int[] cuts)
    {
        var header = new byte[HeaderLength];
        header[0] = (byte)(offload.NeedsChecksum ? 1 : 0);
        header[1] = (byte)offload.Segmentation;
        ushort[] words = [offload.HeaderLength, offload.SegmentSize, offload.ChecksumStart, offload.ChecksumOffset];
        for (var i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(2 + 2 * i), words[i]);
        SendRaw([.. header, .. frame], pair, cuts);
    }

    public void SendRaw(byte[] packet, int pair = 0, params int[] cuts)
    {
        var at = Driver.Place(packet);
        int[] ends = [.. cuts, packet.Length];
        Rings[2 * pair + 1].Add([.. ends.Select((end, i) => (at + (ulong)(i == 0 ? 0 : ends[i - 1]), end - (i == 0 ? 0 : ends[i - 1]), false))]);
        Driver.Notify(2 * pair + 1);
    }

    public void AddBuffers(int count, int length, int pair = 0)
    {
        for (var i = 0; i < count; i++)
        {
            var at = Driver.Allocate(length);
            _buffers.Add((pair, Rings[2 * pair].Add((at, length, true))), (at, length));
        }
        Driver.Notify(2 * pair);
    }

    public bool Receive(ReadOnlySpan<byte> frame, FrameOffload offload = default) => Card.Receive(frame, offload);

    /// <summary>Takes a frame that has arrived; null if there is none.</summary>
    public (byte[] Header, byte[] Frame)? TakeFrame(int pair = 0)
    {
        if (TakeBuffer(pair) is not { } first)
            return null;
        var frame = first[HeaderLength..];
        var count = HeaderLength > 10 ? BinaryPrimitives.ReadUInt16LittleEndian(first.AsSpan(10)) : 1;
        for (var i = 1; i < count; i++)
            frame = [.. frame, .. TakeBuffer(pair)!];
        return (first[..HeaderLength], frame);
    }

    /// <summary>Gives a command.</summary>
    /// <returns>Whether the card has done it.</returns>
    public bool Command(byte commandClass, byte command, params byte[] data)
    {
        var (at, answer) = (Driver.Place([commandClass, command, .. data]), Driver.Place([0xFF]));
        Control.Add((at, 2, false), (at + 2, data.Length, false), (answer, 1, true));
        Driver.Notify(Rings.Count - 1);
        Assert.Equal(1u, Control.Take()!.Value.Written);
        var outcome = Driver.Read(answer, 1)[0];
        Assert.InRange(outcome, 0, 1);
        return outcome == 0;
    }

    /// <summary>Goes on with another card that has this one's state.</summary>
    public void Migrate()
    {
        Network = new RecordingNetwork(Network.TakesOffloads);
        Card = new VirtioNet(_options, Network);
        Driver.Migrate(Card, VirtioNet.PciClass);
    }

    public static byte[] Frame(MacAddress to, int length, byte fill = 0xA5)
    {
        var frame = new byte[length];
        frame.AsSpan().Fill(fill);
        to.Write(frame);
        new MacAddress(0x0200_0000_0099).Write(frame.AsSpan(6));
        (frame[12], frame[13]) = (0x88, 0xB5);
        return frame;
    }

    private byte[]? TakeBuffer(int pair)
    {
        if (Rings[2 * pair].Take() is not var (id, written))
            return null;
        Assert.True(_buffers.Remove((pair, id), out var buffer));
        Assert.InRange(written, 0u, (uint)buffer.Length);
        return Driver.Read(buffer.Address, (int)written);
    }
}
