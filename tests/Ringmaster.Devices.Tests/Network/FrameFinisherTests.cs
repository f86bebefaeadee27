using FsCheck;
using FsCheck.Fluent;
using Ringmaster.Devices.Network;

namespace Ringmaster.Devices.Tests.Network;

public sealed class FrameFinisherTests
{
    private const byte Fin = 0x01, Push = 0x08, Acknowledge = 0x10, WindowReduced = 0x80;

    [Theory]
    [InlineData(false, 0, 0)]
    [InlineData(false, 1, 3)]
    [InlineData(false, 2, 10)]
    [InlineData(true, 0, 0)]
    [InlineData(true, 1, 3)]
    [InlineData(true, 2, 10)]
    public void Tcp_is_cut_into_valid_segments_that_add_up(bool version6, int tags, int options) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(Payloads(), given =>
        {
            var (payload, segment) = given;
            var frame = LargeFrame.Tcp(version6, tags, options, Fin | Push | Acknowledge | WindowReduced, payload, segment);

            var pieces = Finish(frame.Bytes, frame.Offload);

            Assert.NotNull(pieces);
            Assert.Equal(Math.Max(1, (payload.Length + segment - 1) / segment), pieces.Count);
            Assert.Equal(payload, pieces.SelectMany(p => p.Data));
            for (var i = 0; i < pieces.Count; i++)
            {
                pieces[i].AssertValid();
                Assert.Equal(unchecked(LargeFrame.Sequence + (uint)(i * segment)), pieces[i].Sequence);
                var last = i == pieces.Count - 1 ? Fin | Push : 0;
                Assert.Equal(Acknowledge | last | (i == 0 ? WindowReduced : 0), pieces[i].Flags);
                if (!version6)
                    Assert.Equal((ushort)(LargeFrame.Id + i), pieces[i].Id);
                Assert.Equal(frame.Bytes[..pieces[i].Network], pieces[i].Bytes[..pieces[i].Network]);
            }
        }));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Udp_is_cut_into_valid_datagrams_that_add_up(bool version6) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(Payloads(), given =>
        {
            var (payload, segment) = given;
            var frame = LargeFrame.Udp(version6, 0, payload, segment);

            var pieces = Finish(frame.Bytes, frame.Offload);

            Assert.NotNull(pieces);
            Assert.Equal(payload, pieces.SelectMany(p => p.Data));
            Assert.All(pieces, p => p.AssertValid());
            Assert.All(pieces.SkipLast(1), p => Assert.Equal(segment, p.Data.Length));
        }));

    [Fact]
    public void The_fast_sum_is_the_slow_one() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Payloads(), given =>
        {
            var bytes = given.Payload;
            var cut = bytes.Length / 2 & ~1;

            var inParts = InternetChecksum.Fold(InternetChecksum.Add(InternetChecksum.Add(0, bytes.AsSpan(0, cut)), bytes.AsSpan(cut)));

            Assert.Equal(SlowChecksum.Of(bytes), InternetChecksum.Of(bytes));
            Assert.Equal(SlowChecksum.Of(bytes), inParts);
        }));

    [Theory]
    [InlineData(0xFF, 100)]
    [InlineData(0xFF, 2_000_000)]
    [InlineData(0x00, 65_535)]
    public void Sums_do_not_overflow(byte value, int length)
    {
        var bytes = Enumerable.Repeat(value, length).ToArray();

        Assert.Equal(SlowChecksum.Of(bytes), InternetChecksum.Of(bytes));
    }

    [Fact]
    public void A_checksum_is_filled_in_without_cutting()
    {
        var frame = LargeFrame.Udp(false, 1, "ping"u8, 0);
        // The guest has left the pseudo header's sum there, as virtio asks for.
        byte[] pseudo = [.. frame.Bytes[30..38], 0, 17, 0, 12];
        var sum = (ushort)~SlowChecksum.Of(pseudo);
        (frame.Bytes[18 + 2], frame.Bytes[18 + 3]) = (0, 32);
        (frame.Bytes[38 + 4], frame.Bytes[38 + 5]) = (0, 12);
        (frame.Bytes[38 + 6], frame.Bytes[38 + 7]) = ((byte)(sum >> 8), (byte)sum);

        var piece = Assert.Single(Finish(frame.Bytes, frame.Offload with { Segmentation = FrameSegmentation.None })!);

        byte[] header = piece.Bytes[38..];
        Assert.Equal(0, SlowChecksum.Of([.. pseudo, .. header]));
    }

    [Fact]
    public void A_udp_checksum_of_zero_goes_out_as_its_other_form()
    {
        // All that is summed adds up to FFFFh.
        byte[] frame = [.. new byte[34], 0xFF, 0xFF, 0, 0, 0, 0, 0, 0];
        var offload = new FrameOffload(FrameSegmentation.None, true, false, 0, 0, 34, 6);

        Assert.True(FrameFinisher.TryFillChecksum(frame, offload));

        Assert.Equal([0xFF, 0xFF], frame[40..]);
    }

    [Fact]
    public void A_finished_frame_passes_as_it_is()
    {
        byte[] frame = [1, 2, 3];
        var seen = new List<byte[]>();

        Assert.True(new FrameFinisher().Finish(frame, FrameOffload.None, f => seen.Add(f.ToArray())));

        Assert.Equal(frame, Assert.Single(seen));
    }

    public static TheoryData<string, byte[], FrameOffload> Nonsense()
    {
        var tcp = LargeFrame.Tcp(false, 0, 0, Acknowledge, new byte[3000], 1000);
        var six = LargeFrame.Tcp(true, 0, 0, Acknowledge, new byte[3000], 1000);
        var udp = LargeFrame.Udp(false, 0, new byte[3000], 1000);
        return new()
        {
            { "empty", [], tcp.Offload },
            { "shorter than Ethernet", tcp.Bytes[..13], tcp.Offload },
            { "IP cut short", tcp.Bytes[..30], tcp.Offload },
            { "TCP cut short", tcp.Bytes[..50], tcp.Offload },
            { "UDP cut short", udp.Bytes[..40], udp.Offload },
            { "no segment size", tcp.Bytes, tcp.Offload with { SegmentSize = 0 } },
            { "a segment size that only costs time", tcp.Bytes, tcp.Offload with { SegmentSize = 1 } },
            { "checksum from somewhere else", tcp.Bytes, tcp.Offload with { ChecksumStart = 33 } },
            { "UDP said to be TCP", udp.Bytes, tcp.Offload },
            { "TCP said to be UDP", tcp.Bytes, udp.Offload },
            { "IPv6 said to be IPv4", six.Bytes, six.Offload with { Segmentation = FrameSegmentation.Tcp4 } },
            { "IPv4 said to be IPv6", tcp.Bytes, tcp.Offload with { Segmentation = FrameSegmentation.Tcp6 } },
            { "an unknown way to cut", tcp.Bytes, tcp.Offload with { Segmentation = (FrameSegmentation)3 } },
            { "an IP header longer than the frame", Changed(tcp.Bytes[..60], 14, 0x4F), tcp.Offload },
            { "an IP header shorter than one", Changed(tcp.Bytes, 14, 0x44), tcp.Offload },
            { "a TCP header longer than the frame", Changed(tcp.Bytes[..60], 46, 0xF0), tcp.Offload },
            { "a TCP header shorter than one", Changed(tcp.Bytes, 46, 0x40), tcp.Offload },
            { "a fragment", Changed(tcp.Bytes, 21, 1), tcp.Offload },
            { "three tags", [.. tcp.Bytes[..12], 0x81, 0, 0, 1, 0x81, 0, 0, 1, 0x81, 0, 0, 1, .. tcp.Bytes[12..]], tcp.Offload },
            { "endless IPv6 options", [.. six.Bytes[..20], 0, .. six.Bytes[21..54], .. new byte[500]], six.Offload },
            { "a checksum outside", tcp.Bytes, tcp.Offload with { Segmentation = FrameSegmentation.None, ChecksumOffset = 65535 } },
            { "a checksum half outside", new byte[60], new(FrameSegmentation.None, true, false, 0, 0, 50, 9) },
            { "too long", new byte[FrameFinisher.LongestFrame + 1], FrameOffload.None },
        };
    }

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void A_frame_that_makes_no_sense_is_dropped_whole(string why, byte[] frame, FrameOffload offload)
    {
        Assert.True(Finish(frame, offload) is null, why);
    }

    [Fact]
    public void Segments_that_would_not_fit_ip_are_refused()
    {
        var frame = LargeFrame.Udp(false, 0, new byte[65530], 65535);

        Assert.Null(Finish(frame.Bytes, frame.Offload));
    }

    [Fact]
    public void Random_changes_never_throw_and_never_make_oversized_pieces() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(
            ArbMap.Default.ArbFor<(byte Kind, (byte At, byte Value)[] Changes, ushort Length, ushort Start, ushort Segment)>(), given =>
            {
                var frame = (given.Kind & 3) switch
                {
                    0 => LargeFrame.Tcp(false, given.Kind >> 2 & 1, 1, Acknowledge, new byte[600], 100),
                    1 => LargeFrame.Tcp(true, given.Kind >> 2 & 1, 1, Acknowledge, new byte[600], 100),
                    2 => LargeFrame.Udp(false, 0, new byte[600], 100),
                    _ => LargeFrame.Udp(true, 0, new byte[600], 100),
                };
                foreach (var (at, value) in given.Changes)
                    frame.Bytes[at % 80] = value;
                var bytes = frame.Bytes[..Math.Min(frame.Bytes.Length, (int)given.Length)];
                var offload = frame.Offload with { NeedsChecksum = (given.Kind & 8) != 0 };
                if ((given.Kind & 16) != 0)
                    offload = offload with { SegmentSize = given.Segment };
                if ((given.Kind & 32) != 0)
                    offload = offload with { ChecksumStart = given.Start, Segmentation = (FrameSegmentation)given.Segment };

                var lengths = new List<int>();
                var finished = new FrameFinisher().Finish(bytes, offload, piece => lengths.Add(piece.Length));

                Assert.Equal(finished, lengths.Count > 0);
                Assert.All(lengths, length => Assert.InRange(length, 0, bytes.Length));
            }));

    private static Arbitrary<(byte[] Payload, ushort Segment)> Payloads() => Arb.From(
        from length in Gen.OneOf(Gen.Choose(0, 100), Gen.Choose(0, 64_000))
        from seed in Gen.Choose(0, int.MaxValue)
        from segment in Gen.OneOf(Gen.Choose(8, 1460), Gen.Constant(1448), Gen.Choose(8, 60_000))
        select (Bytes(seed, length), (ushort)Math.Max(segment, length / 100)));

    private static byte[] Bytes(int seed, int length)
    {
        var bytes = new byte[length];
        new System.Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Changed(byte[] frame, int at, byte value)
    {
        byte[] changed = [.. frame];
        changed[at] = value;
        return changed;
    }

    private static List<WireFrame>? Finish(byte[] frame, FrameOffload offload)
    {
        var pieces = new List<WireFrame>();
        return new FrameFinisher().Finish(frame, offload, piece => pieces.Add(WireFrame.Parse(piece))) ? pieces : null;
    }
}
