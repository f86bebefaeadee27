using Ringmaster.Devices.Apic;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Apic;

public sealed class IoApicTests
{
    private const ulong Level = 1 << 15, RemoteIrr = 1 << 14, Pending = 1 << 12, Masked = 1 << 16;

    [Theory]
    [InlineData(0x00, 0x0F00_0000u)]
    [InlineData(0x01, 0x0017_0020u)]
    [InlineData(0x02, 0x0F00_0000u)]
    [InlineData(0x03, 0u)]
    [InlineData(0x10, 0x0001_AFFFu)]
    [InlineData(0x11, 0xFFFE_0000u)]
    [InlineData(0x3F, 0xFFFE_0000u)]
    [InlineData(0x40, 0u)]
    [InlineData(0xFF, 0u)]
    public void Registers_keep_their_defined_bits(byte register, uint expected)
    {
        var board = new ApicBoard();
        board.WriteIo(0x00, 0xFFFF_FFFF);
        board.WriteIo(register, 0xFFFF_FFFF);
        Assert.Equal(expected, board.ReadIo(register));
    }

    [Fact]
    public void An_edge_is_delivered_once_and_lost_when_masked()
    {
        var board = new ApicBoard();
        board.WriteEntry(4, 0x41);
        board.IoApic.Input(4).Set(true);
        Assert.Equal((byte)0x41, board.Acknowledge());
        board.Write(ApicBoard.Eoi, 0);
        Assert.Null(board.Acknowledge());
        Assert.Empty(board.Vectors(ApicBoard.Tmr));

        board.IoApic.Input(4).Set(false);
        board.WriteEntry(4, 0x41 | Masked);
        board.IoApic.Input(4).Set(true);
        board.WriteEntry(4, 0x41);
        Assert.Null(board.Acknowledge());
    }

    [Fact]
    public void A_level_waits_for_its_eoi_and_asks_again_while_asserted()
    {
        var board = new ApicBoard();
        board.WriteEntry(20, 0x41 | Level);
        board.IoApic.Input(20).Set(true);
        Assert.Equal((byte)0x41, board.Acknowledge());
        Assert.Equal(0x41 | Level | RemoteIrr, board.ReadEntry(20));
        Assert.Equal([0x41], board.Vectors(ApicBoard.Tmr));
        Assert.Null(board.Acknowledge());

        board.Write(ApicBoard.Eoi, 0);
        Assert.Equal((byte)0x41, board.Acknowledge());
        board.IoApic.Input(20).Set(false);
        board.Write(ApicBoard.Eoi, 0);

        Assert.Null(board.Acknowledge());
        Assert.Equal(0x41 | Level, board.ReadEntry(20));
    }

    [Fact]
    public void Unmasking_an_asserted_level_delivers_it()
    {
        var board = new ApicBoard();
        board.WriteEntry(20, 0x41 | Level | Masked);
        board.IoApic.Input(20).Set(true);
        Assert.Null(board.Acknowledge());
        board.WriteEntry(20, 0x41 | Level);
        Assert.Equal((byte)0x41, board.Acknowledge());
    }

    [Fact]
    public void An_edge_entry_loses_its_remote_irr()
    {
        var board = new ApicBoard();
        board.WriteEntry(20, 0x41 | Level);
        board.IoApic.Input(20).Set(true);
        board.WriteIo(0x10 + 40, 0x41 | (uint)Masked);
        board.WriteIo(0x10 + 40, 0x41 | (uint)Level);
        Assert.Equal(0x41 | Level | RemoteIrr, board.ReadEntry(20));
        Assert.Equal((byte)0x41, board.Acknowledge());
    }

    [Fact]
    public void A_directed_eoi_completes_while_broadcasts_are_suppressed()
    {
        var board = new ApicBoard(features: new LocalApicFeatures { EoiBroadcastSuppression = true });
        board.Write(ApicBoard.Svr, 0x11FF);
        board.WriteEntry(20, 0x41 | Level);
        board.IoApic.Input(20).Set(true);
        board.Acknowledge();
        board.Write(ApicBoard.Eoi, 0);
        Assert.Equal(0x41 | Level | RemoteIrr, board.ReadEntry(20));

        board.IoApic.WriteMmio(new GuestPhysicalAddress(0xFEC0_0040), 4, 0x42);
        Assert.Equal(0x41 | Level | RemoteIrr, board.ReadEntry(20));
        board.IoApic.WriteMmio(new GuestPhysicalAddress(0xFEC0_0040), 4, 0x41);
        Assert.Equal((byte)0x41, board.Acknowledge());
    }

    [Fact]
    public void A_level_that_nobody_takes_stays_pending_until_somebody_does()
    {
        var board = new ApicBoard(enabled: false);
        board.WriteEntry(20, 0x41 | Level);
        board.IoApic.Input(20).Set(true);
        Assert.Equal(0x41 | Level | Pending, board.ReadEntry(20));

        board.Write(ApicBoard.Svr, 0x1FF);

        Assert.Equal(0x41 | Level | RemoteIrr, board.ReadEntry(20));
        Assert.Equal((byte)0x41, board.Acknowledge());
    }

    [Theory]
    [InlineData(0x200UL, "smi", null)]
    [InlineData(0x400UL, "nmi", null)]
    [InlineData(0x500UL, "init", null)]
    [InlineData(0x700UL, "", (byte)0x08)]
    [InlineData(0x141UL, "", (byte)0x41)]
    [InlineData(0x8400UL, "nmi", null)]
    [InlineData(0x300UL, "", null)]
    [InlineData(0x600UL, "", null)]
    public void Delivery_modes_reach_the_processor(ulong entry, string events, byte? vector)
    {
        var board = new ApicBoard();
        board.WriteEntry(5, entry);
        board.IoApic.Input(5).Set(true);
        Assert.Equal(events, string.Join(',', board.Cpu.Events));
        Assert.Equal(vector, board.Acknowledge());
        Assert.Null(board.Acknowledge());
    }

    [Fact]
    public void Restoring_does_not_turn_an_asserted_input_into_an_edge()
    {
        var board = new ApicBoard();
        board.WriteEntry(4, 0x41);
        board.IoApic.Input(4).Set(true);
        var saved = board.IoApic.Save();
        var other = new ApicBoard();
        other.IoApic.Restore(saved);

        other.IoApic.Input(4).Set(true);

        Assert.Null(other.Acknowledge());
        Assert.Equal(saved.Data.ToString(), other.IoApic.Save().Data.ToString());
    }

    [Theory]
    [InlineData(0, 0, 2)]
    [InlineData(1, 1, 1)]
    [InlineData(9, 9, 9)]
    [InlineData(15, 15, 15)]
    public void Isa_interrupts_reach_both_controllers(int irq, int pic, int input)
    {
        var board = new ApicBoard();
        board.WriteEntry(input, 0x41);
        var lines = Enumerable.Range(0, 16).Select(_ => new InterruptLine(_ => { })).ToArray();
        var router = new GsiRouter(lines, board.IoApic);

        router.ConnectIsa(irq).Set(true);

        Assert.Equal([pic], Enumerable.Range(0, 16).Where(i => lines[i].IsAsserted));
        Assert.Equal((byte)0x41, board.Acknowledge());
    }

    [Fact]
    public void Higher_interrupts_are_shared_and_reach_the_io_apic_alone()
    {
        var board = new ApicBoard();
        board.WriteEntry(18, 0x41 | Level);
        var lines = Enumerable.Range(0, 16).Select(_ => new InterruptLine(_ => { })).ToArray();
        var router = new GsiRouter(lines, board.IoApic);
        var first = router.ConnectGsi(18);
        var second = router.ConnectGsi(18);

        first.Set(true);
        second.Set(true);
        first.Set(false);
        board.Acknowledge();
        board.Write(ApicBoard.Eoi, 0);
        Assert.Equal((byte)0x41, board.Acknowledge());
        second.Set(false);
        board.Write(ApicBoard.Eoi, 0);

        Assert.Null(board.Acknowledge());
        Assert.DoesNotContain(lines, line => line.IsAsserted);
    }
}
