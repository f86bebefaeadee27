using Ringmaster.Devices.Network;

namespace Ringmaster.Devices.Tests.Network.E1000;

public sealed class E1000HostileGuestTests
{
    [Fact]
    public void Rings_full_of_nonsense_neither_stop_nor_hold_up_anybody()
    {
        var (sent, received) = (0, 0);
        foreach (var seed in Enumerable.Range(0, 150))
        {
            var random = new Random(seed);
            var board = new E1000Board(takesOffloads: random.Next(2) == 0);
            board.SetUp(receiveModes: (uint)random.NextInt64() & 0x0603_8038);
            var bytes = new byte[0x2000];
            random.NextBytes(bytes);
            // Some of it is likely enough to be worked on.
            for (var i = 0; i < bytes.Length; i += 16)
            {
                if (random.Next(3) != 0)
                    bytes.AsSpan(i + 3, 5).Clear();
                if (random.Next(3) != 0)
                    bytes.AsSpan(i + 9, 2).Fill((byte)random.Next(8));
                bytes[i + 11] |= (byte)random.Next(2);
            }
            Assert.True(board.Memory.TryWrite(new(0x1000), bytes));

            for (var step = 0; step < 60; step++)
            {
                board.Write(E1000Board.TransmitTail, (uint)random.Next(E1000Board.RingSize + 1));
                board.Write(E1000Board.ReceiveTail, (uint)random.Next(E1000Board.RingSize + 1));
                received += board.Receive(E1000Board.Frame(E1000Board.Own, random.Next(14, 1518))) ? 1 : 0;
                board.Clock.Advance(1_000_000);
            }
            sent += board.Network.Sent.Count;
            Assert.All(board.Network.Sent, s => Assert.InRange(s.Frame.Length, 60, 16292));
        }
        Assert.InRange(sent, 100, 1_000_000);
        Assert.InRange(received, 100, 9000);
    }

    [Fact]
    public void A_ring_of_the_largest_size_is_worked_bit_by_bit()
    {
        var board = new E1000Board();
        board.SetUp();
        board.Write(0x3808, 0xF_FF80);
        var frame = E1000Board.Frame(E1000Board.Own, 60);
        // Behind the first descriptors there is all of memory, which means nothing.
        board.Send(frame);
        board.Write(E1000Board.TransmitTail, 65_000);
        Assert.InRange(board.Read(E1000Board.TransmitHead), 1u, 2000u);

        board.Clock.Advance(1_000_000);

        Assert.Equal(65_000u, board.Read(E1000Board.TransmitHead));
        Assert.Equal(frame, board.Network.Sent[0].Frame);
    }

    [Fact]
    public void Without_bus_mastering_nothing_is_touched()
    {
        var board = new E1000Board();
        board.SetUp();
        board.Card.Pci.WriteConfig(4, 2, 3);

        board.Send(E1000Board.Frame(E1000Board.Own, 60));

        Assert.True(board.Receive(E1000Board.Frame(E1000Board.Own, 60), FrameOffload.None));
        Assert.Empty(board.Network.Sent);
        Assert.Null(board.TakeFrame());
    }
}
