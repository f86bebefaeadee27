using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Ringmaster.Backends.Network;
using Ringmaster.Devices.Network;

namespace Ringmaster.Backends.Tests.Network;

public sealed class FrameStreamReaderTests
{
    [Fact]
    public void Frames_come_out_whole_however_the_stream_is_cut() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(
            ArbMap.Default.ArbFor<(ushort[] Lengths, byte Cut)>(), given =>
            {
                var frames = given.Lengths.Select((length, i) => Enumerable.Repeat((byte)i, length % 3000).ToArray()).ToList();
                byte[] stream = [.. frames.SelectMany(f => (byte[])[.. Prefix((uint)f.Length), .. f])];

                var (read, broken) = Read(stream, given.Cut * 17 + 1);

                Assert.False(broken);
                Assert.Equal(frames.Where(f => f.Length >= 14), read);
            }));

    [Fact]
    public void Random_streams_never_throw_or_hang() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(
            ArbMap.Default.ArbFor<(uint[] Numbers, byte Cut)>(), given =>
            {
                byte[] stream = [.. given.Numbers.SelectMany(n => Prefix(n % 7 == 0 ? n : n % 90))];

                var (read, _) = Read(stream, given.Cut + 1);

                Assert.All(read, frame => Assert.InRange(frame.Length, 14, FrameFinisher.LongestFrame));
            }));

    [Theory]
    [InlineData(FrameFinisher.LongestFrame, false)]
    [InlineData(FrameFinisher.LongestFrame + 1, true)]
    [InlineData(0x8000_0000, true)]
    [InlineData(0xFFFF_FFFF, true)]
    public void A_length_that_no_frame_has_breaks_the_stream(uint length, bool breaks)
    {
        var (read, broken) = Read([.. Prefix(20), .. new byte[20], .. Prefix(length), .. new byte[100]], 1000);

        Assert.Equal(breaks, broken);
        Assert.Single(read);
    }

    [Fact]
    public void There_is_always_room_for_the_rest_of_a_frame()
    {
        byte[] longest = [.. Prefix(FrameFinisher.LongestFrame), .. new byte[FrameFinisher.LongestFrame]];

        var (read, broken) = Read([.. longest, .. longest, .. longest, .. longest, .. longest], int.MaxValue);

        Assert.False(broken);
        Assert.Equal(5, read.Count);
    }

    private static byte[] Prefix(uint length)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, length);
        return bytes;
    }

    private static (List<byte[]> Frames, bool Broken) Read(ReadOnlySpan<byte> stream, int cut)
    {
        var reader = new FrameStreamReader();
        var frames = new List<byte[]>();
        while (!stream.IsEmpty && !reader.IsBroken)
        {
            var room = reader.Room;
            Assert.NotEqual(0, room.Length);
            var count = Math.Min(Math.Min(cut, stream.Length), room.Length);
            stream[..count].CopyTo(room);
            stream = stream[count..];
            reader.Advance(count);
            while (reader.TryPeek(out var frame))
            {
                frames.Add(frame.ToArray());
                reader.Take();
            }
        }
        return (frames, reader.IsBroken);
    }
}
