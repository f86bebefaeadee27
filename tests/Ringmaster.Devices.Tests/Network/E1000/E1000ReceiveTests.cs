using System.Buffers.Binary;
using Ringmaster.Devices.Network;
using Ringmaster.Devices.Network.E1000;

namespace Ringmaster.Devices.Tests.Network.E1000;

public sealed class E1000ReceiveTests
{
    private const uint AllUnicast = 1 << 3, AllMulticast = 1 << 4, LongFrames = 1 << 5, Broadcast = 1 << 15, SmallBuffers = 3 << 16, FiltersVlans = 1 << 18,
        Strips = 1 << 26;

    private static readonly MacAddress s_other = new(0x0200_0000_0001), s_group = new(0x0100_5E00_1234), s_all = new(0xFFFF_FFFF_FFFF);

    [Fact]
    public void Frames_arrive_around_the_ring_and_interrupt()
    {
        var board = new E1000Board();
        board.SetUp();
        board.Write(E1000Board.MaskSet, 0x80);
        for (var i = 0; i < 100; i++)
        {
            var frame = E1000Board.Frame(E1000Board.Own, 60 + i, (byte)i);

            Assert.True(board.Receive(frame));

            Assert.True(board.Line.IsAsserted);
            Assert.NotEqual(0u, board.Read(E1000Board.Causes) & 0x80);
            Assert.Equal(frame, board.TakeFrame()!.Value.Frame);
            board.Write(E1000Board.ReceiveTail, (board.Read(E1000Board.ReceiveTail) + 1) % E1000Board.RingSize);
        }
        Assert.Equal(100u, board.Read(0x4074));
    }

    [Fact]
    public void A_short_frame_is_padded_and_its_check_sequence_kept_if_wanted()
    {
        var board = new E1000Board();
        board.SetUp(receiveModes: Broadcast);

        Assert.True(board.Receive(E1000Board.Frame(E1000Board.Own, 42)));

        var frame = board.TakeFrame()!.Value.Frame;
        Assert.Equal(64, frame.Length);
        // The check sequence of a frame with its own is always the same residue.
        Assert.Equal(0x2144_DF1Cu, FrameCheckSequence.Of(frame));
    }

    [Fact]
    public void The_check_sequence_is_the_known_one() => Assert.Equal(0xCBF4_3926u, FrameCheckSequence.Of("123456789"u8));

    [Theory]
    [InlineData(SmallBuffers, 256)]
    [InlineData(2u << 16, 512)]
    [InlineData(SmallBuffers | 1 << 25, 4096)]
    public void A_long_frame_takes_several_buffers(uint size, int bytes)
    {
        var board = new E1000Board();
        board.SetUp(receiveModes: LongFrames | Strips | size);
        var frame = E1000Board.Frame(E1000Board.Own, 7000);

        Assert.True(board.Receive(frame));

        Assert.Equal((uint)((7000 + bytes - 1) / bytes), board.Read(E1000Board.ReceiveHead));
        Assert.Equal(frame, board.TakeFrame()!.Value.Frame);
    }

    [Fact]
    public void Frames_too_long_are_lost()
    {
        var board = new E1000Board();
        board.SetUp();
        Assert.True(board.Receive(E1000Board.Frame(E1000Board.Own, 1519)));
        Assert.Null(board.TakeFrame());
        Assert.Equal(1u, board.Read(0x40AC));
        board.SetUp(receiveModes: LongFrames | SmallBuffers);
        Assert.True(board.Receive(E1000Board.Frame(E1000Board.Own, 16000)));
        Assert.Null(board.TakeFrame());
    }

    [Fact]
    public void A_frame_without_room_is_refused_until_there_is_some()
    {
        var board = new E1000Board();
        board.SetUp(receiveModes: SmallBuffers | Strips, buffers: 2);
        var frame = E1000Board.Frame(E1000Board.Own, 600);
        var ready = board.Network.TimesReady;

        Assert.False(board.Receive(frame));
        Assert.Null(board.TakeFrame());
        Assert.NotEqual(0u, board.Read(E1000Board.Causes) & 0x40);

        board.Write(E1000Board.ReceiveTail, 3);
        Assert.Equal(ready + 1, board.Network.TimesReady);
        Assert.True(board.Receive(frame));
        Assert.Equal(frame, board.TakeFrame()!.Value.Frame);
    }

    [Theory]
    [InlineData(0u, false, false, false)]
    [InlineData(Broadcast, false, false, true)]
    [InlineData(AllUnicast, true, false, false)]
    [InlineData(AllMulticast, false, true, true)]
    public void Modes_let_through(uint modes, bool other, bool group, bool all)
    {
        var board = new E1000Board();
        board.SetUp(receiveModes: modes | Strips);

        Assert.True(Passes(board, E1000Board.Own));
        Assert.Equal(other, Passes(board, s_other));
        Assert.Equal(group, Passes(board, s_group));
        Assert.Equal(all, Passes(board, s_all));
    }

    [Theory]
    [InlineData(0u, 4)]
    [InlineData(1u << 12, 3)]
    [InlineData(2u << 12, 2)]
    [InlineData(3u << 12, 0)]
    public void The_multicast_table_lets_through(uint offset, int shift)
    {
        var board = new E1000Board();
        board.SetUp(receiveModes: offset | Strips);
        // The last two bytes of the address are 12 34.
        var hash = 0x3412 >> shift & 0xFFF;

        board.Write(E1000Board.MulticastTable + 4 * (hash >> 5), 1u << (hash & 31));

        Assert.True(Passes(board, s_group));
        Assert.False(Passes(board, new MacAddress(0x0100_5E00_9876)));
    }

    [Fact]
    public void Tags_are_filtered_and_taken_out()
    {
        var board = new E1000Board();
        board.SetUp(receiveModes: FiltersVlans | Strips);
        board.Write(E1000Board.Control, 1 << 30);
        board.Write(E1000Board.VlanTable + 4 * (0x105 >> 5), 1 << (0x105 & 31));
        var frame = E1000Board.Frame(E1000Board.Own, 100);
        byte[] tagged = [.. frame[..12], 0x81, 0, 0x21, 5, .. frame[12..]], other = [.. frame[..12], 0x81, 0, 0x21, 6, .. frame[12..]];

        Assert.True(board.Receive(other));
        Assert.True(board.Receive(tagged));

        var (result, arrived) = board.TakeFrame()!.Value;
        Assert.Equal(frame, arrived);
        Assert.Equal(0x2105u, (uint)(result >> 48));
        Assert.NotEqual(0UL, result >> 32 & 8);
        Assert.Null(board.TakeFrame());
    }

    [Theory]
    [InlineData(0, 0x60, 0)]
    [InlineData(22, 0x60, 0x40)]
    [InlineData(50, 0x60, 0x20)]
    public void Checksums_are_checked(int damaged, int status, int errors)
    {
        var board = new E1000Board();
        board.SetUp();
        board.Write(E1000Board.ReceiveChecksum, 0x300);
        var large = LargeFrame.Tcp(version6: false, 0, 0, 0x10, new byte[100], 1400);
        E1000Board.Own.Write(large.Bytes);
        byte[]? frame = null;
        Assert.True(new FrameFinisher().Finish(large.Bytes, large.Offload, piece => frame = piece.ToArray()));
        if (damaged != 0)
            frame![damaged] ^= 1;

        Assert.True(board.Receive(frame));

        var result = board.TakeFrame()!.Value.Result;
        Assert.Equal(status, (int)(result >> 32 & 0x64));
        Assert.Equal(errors, (int)(result >> 40 & 0x60));
    }

    [Fact]
    public void Unfinished_frames_are_finished_first()
    {
        var board = new E1000Board();
        board.SetUp();
        var large = LargeFrame.Tcp(version6: false, 0, 0, 0x10, new byte[4000], 1400);
        E1000Board.Own.Write(large.Bytes);

        Assert.True(board.Receive(large.Bytes, large.Offload));

        for (var i = 0; i < 3; i++)
            WireFrame.Parse(board.TakeFrame()!.Value.Frame).AssertValid();
        Assert.Null(board.TakeFrame());
    }

    [Fact]
    public void Interrupts_are_held_back_until_quiet_or_long_enough()
    {
        var board = new E1000Board();
        board.SetUp();
        board.Write(E1000Board.MaskSet, 0x80);
        board.Write(E1000Board.ReceiveDelay, 10);
        board.Write(E1000Board.ReceiveAbsoluteDelay, 25);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(board.Receive(E1000Board.Frame(E1000Board.Own, 60)));
            board.Clock.Advance(8 * 1024);
            Assert.False(board.Line.IsAsserted);
        }
        board.Clock.Advance(1024);
        Assert.True(board.Line.IsAsserted);
    }

    [Fact]
    public void Buffers_outside_ram_do_no_harm()
    {
        var board = new E1000Board();
        board.SetUp();
        board.Write(0x2804, 0xFFFF_FFFF);

        Assert.True(board.Receive(E1000Board.Frame(E1000Board.Own, 60)));

        Assert.Equal(1u, board.Read(E1000Board.ReceiveHead));
    }

    private static bool Passes(E1000Board board, MacAddress to)
    {
        Assert.True(board.Receive(E1000Board.Frame(to, 64)));
        return board.TakeFrame() is not null;
    }
}
