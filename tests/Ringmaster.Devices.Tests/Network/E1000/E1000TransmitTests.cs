using System.Buffers.Binary;

namespace Ringmaster.Devices.Tests.Network.E1000;

public sealed class E1000TransmitTests
{
    private const int DataKind = 1;

    [Fact]
    public void Frames_go_out_in_order_around_the_ring()
    {
        var board = new E1000Board();
        board.SetUp();
        for (var i = 0; i < 100; i++)
        {
            var frame = E1000Board.Frame(E1000Board.Own, 60 + i, (byte)i);

            var descriptor = board.Send(frame);

            Assert.True(board.IsDone(descriptor));
            Assert.Equal(frame, board.Network.Sent[^1].Frame);
            Assert.Equal(board.Read(E1000Board.TransmitTail), board.Read(E1000Board.TransmitHead));
        }
        Assert.Equal(3u, board.Read(E1000Board.Causes) & 3);
        Assert.Equal(100u, board.Read(0x4080));
        Assert.Equal(0u, board.Read(0x4080));
    }

    [Fact]
    public void A_frame_comes_from_several_descriptors_and_is_padded()
    {
        var board = new E1000Board();
        board.SetUp();
        var frame = E1000Board.Frame(E1000Board.Own, 42);

        board.Queue(board.Place(frame.AsSpan(0, 14)), 0, 14);
        board.Tell();
        Assert.Empty(board.Network.Sent);
        board.Send(frame.AsSpan(14));

        Assert.Equal([.. frame, .. new byte[18]], Assert.Single(board.Network.Sent).Frame);
    }

    [Fact]
    public void A_checksum_is_inserted_by_the_old_descriptor()
    {
        var board = new E1000Board();
        board.SetUp();
        var udp = LargeFrame.Udp(version6: false, 0, new byte[50], 0);

        board.Send(udp.Bytes, E1000Board.EndOfPacket | E1000Board.InsertChecksum, checksumPlace: 40, high: 34u << 8);

        var sent = Assert.Single(board.Network.Sent).Frame;
        Assert.Equal(0, SlowChecksum.Of(sent[34..]));
    }

    [Fact]
    public void Checksums_are_inserted_by_a_context()
    {
        var board = new E1000Board();
        board.SetUp();
        var frame = LargeFrame.Udp(version6: false, 0, new byte[80], 0).Bytes;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(16), (ushort)(frame.Length - 14));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(38), (ushort)(frame.Length - 34));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(40), PseudoSum(frame[26..34], 17, frame.Length - 34));
        board.Queue(Context(14, 24, 33, 34, 40), E1000Board.Extended | E1000Board.Ip, 0);
        board.Queue(board.Place(frame), E1000Board.Extended | E1000Board.EndOfPacket, frame.Length, 3 << 8, DataKind);

        board.Tell();

        WireFrame.Parse(Assert.Single(board.Network.Sent).Frame).AssertValid();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tcp_is_cut_into_valid_segments(bool version6)
    {
        var board = new E1000Board();
        board.SetUp();
        byte[] payload = [.. Enumerable.Range(0, 10_000).Select(i => (byte)(i * 7))];
        var (frame, headers) = Segmentable(version6, payload);
        var transport = headers - 20;
        board.Queue(Context(14, 24, version6 ? 0 : 33, transport, transport + 16),
            E1000Board.Extended | E1000Board.Segment | E1000Board.Tcp | (version6 ? 0 : E1000Board.Ip), payload.Length, (uint)headers << 8 | 1400u << 16);
        var options = version6 ? 2u << 8 : 3u << 8;
        var address = board.Place(frame);
        board.Queue(address, E1000Board.Extended | E1000Board.Segment, 3000, options, DataKind);
        board.Queue(address + 3000, E1000Board.Extended | E1000Board.Segment | E1000Board.EndOfPacket | E1000Board.Report, frame.Length - 3000, 0, DataKind);

        board.Tell();

        var pieces = board.Network.Sent.Select(s => WireFrame.Parse(s.Frame)).ToArray();
        Assert.Equal(8, pieces.Length);
        Assert.All(pieces, p => p.AssertValid());
        Assert.Equal(payload, pieces.SelectMany(p => p.Data));
        Assert.All(pieces.SkipLast(1), p => Assert.Equal(0x10, p.Flags));
        Assert.Equal(0x19, pieces[^1].Flags);
        for (var i = 0; i < pieces.Length; i++)
            Assert.Equal(unchecked(LargeFrame.Sequence + (uint)(1400 * i)), pieces[i].Sequence);
    }

    [Fact]
    public void A_tag_is_inserted()
    {
        var board = new E1000Board();
        board.SetUp();
        board.Write(E1000Board.Control, 1 << 30);
        var frame = E1000Board.Frame(E1000Board.Own, 60);

        board.Send(frame, E1000Board.EndOfPacket | E1000Board.Tag, high: 0x2005u << 16);

        Assert.Equal([.. frame[..12], 0x81, 0, 0x20, 5, .. frame[12..]], Assert.Single(board.Network.Sent).Frame);
    }

    [Fact]
    public void Delayed_descriptors_are_told_of_later()
    {
        var board = new E1000Board();
        board.SetUp();
        board.Write(E1000Board.MaskSet, 1);
        board.Write(E1000Board.TransmitDelay, 100);

        board.Send(E1000Board.Frame(E1000Board.Own, 60), E1000Board.EndOfPacket | E1000Board.Report | E1000Board.Delayed);

        board.Clock.Advance(102_399);
        Assert.False(board.Line.IsAsserted);
        board.Clock.Advance(1);
        Assert.True(board.Line.IsAsserted);
        Assert.NotEqual(0u, board.Read(E1000Board.Causes) & 1);
        Assert.False(board.Line.IsAsserted);
    }

    [Theory]
    [InlineData(0x10_0000UL, 0xFFFFF)]
    [InlineData(ulong.MaxValue - 10, 0xFFFFF)]
    [InlineData(0xFFFF_FFFF_0000UL, 60)]
    public void Descriptors_of_absurd_places_and_lengths_do_no_harm(ulong address, int length)
    {
        var board = new E1000Board();
        board.SetUp();
        for (var i = 0; i < E1000Board.RingSize - 1; i++)
            board.Queue(address, E1000Board.Extended | E1000Board.Report | (i % 2 == 0 ? 0 : E1000Board.EndOfPacket), length, 3 << 8, DataKind);

        board.Tell();
        board.Clock.Advance(1_000_000);

        Assert.Equal(board.Read(E1000Board.TransmitTail), board.Read(E1000Board.TransmitHead));
        Assert.All(board.Network.Sent, s => Assert.InRange(s.Frame.Length, 60, 16288));
    }

    [Fact]
    public void A_tail_outside_the_ring_moves_nothing()
    {
        var board = new E1000Board();
        board.SetUp();
        board.Queue(board.Place(E1000Board.Frame(E1000Board.Own, 60)), E1000Board.EndOfPacket, 60);

        board.Write(E1000Board.TransmitTail, 0xFFFF);
        board.Clock.Advance(1_000_000);

        Assert.Empty(board.Network.Sent);
    }

    [Fact]
    public void Looped_frames_come_back()
    {
        var board = new E1000Board();
        board.SetUp(receiveModes: 3 << 6 | 1 << 26);
        var frame = E1000Board.Frame(E1000Board.Own, 100);

        board.Send(frame);

        Assert.Empty(board.Network.Sent);
        Assert.Equal(frame, board.TakeFrame()!.Value.Frame);
    }

    private static (byte[] Frame, int Headers) Segmentable(bool version6, byte[] payload)
    {
        var frame = LargeFrame.Tcp(version6, 0, 0, 0x19, payload, 1400).Bytes;
        var transport = version6 ? 54 : 34;
        var addresses = version6 ? frame[22..54] : frame[26..34];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(transport + 16), PseudoSum(addresses, 6, 0));
        return (frame, transport + 20);
    }

    private static ushort PseudoSum(byte[] addresses, byte protocol, int length) =>
        (ushort)~SlowChecksum.Of([.. addresses, 0, protocol, (byte)(length >> 8), (byte)length]);

    private static ulong Context(int ipStart, int ipPlace, int ipEnd, int start, int place) =>
        (uint)ipStart | (uint)ipPlace << 8 | (uint)ipEnd << 16 | (ulong)(uint)start << 32 | (ulong)(uint)place << 40;
}
