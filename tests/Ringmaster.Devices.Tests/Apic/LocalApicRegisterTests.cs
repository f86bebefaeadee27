using Ringmaster.Devices.Apic;

namespace Ringmaster.Devices.Tests.Apic;

public sealed class LocalApicRegisterTests
{
    // SDM 3A 11.4.7.1.
    [Theory]
    [InlineData(ApicBoard.Id, 0x0500_0000)]
    [InlineData(ApicBoard.Version, 0x0005_0014)]
    [InlineData(ApicBoard.Tpr, 0)]
    [InlineData(ApicBoard.Ldr, 0)]
    [InlineData(ApicBoard.Dfr, 0xFFFF_FFFF)]
    [InlineData(ApicBoard.Svr, 0xFF)]
    [InlineData(ApicBoard.Esr, 0)]
    [InlineData(ApicBoard.IcrLow, 0)]
    [InlineData(ApicBoard.LvtTimer, 0x1_0000)]
    [InlineData(ApicBoard.LvtLint0, 0x1_0000)]
    [InlineData(ApicBoard.LvtError, 0x1_0000)]
    [InlineData(ApicBoard.InitialCount, 0)]
    [InlineData(ApicBoard.Divide, 0)]
    public void Registers_have_their_values_after_power_up(uint offset, uint expected) =>
        Assert.Equal(expected, new ApicBoard(enabled: false, firstId: 5).Read(offset));

    [Theory]
    [InlineData(ApicBoard.Tpr, 0x0000_00FF)]
    [InlineData(ApicBoard.Ldr, 0xFF00_0000)]
    [InlineData(ApicBoard.Svr, 0x0000_03FF)]
    [InlineData(ApicBoard.LvtTimer, 0x0007_00FF)]
    [InlineData(ApicBoard.LvtThermal, 0x0001_07FF)]
    [InlineData(ApicBoard.LvtPerformance, 0x0001_07FF)]
    [InlineData(ApicBoard.LvtLint0, 0x0001_A7FF)]
    [InlineData(ApicBoard.LvtLint1, 0x0001_A7FF)]
    [InlineData(ApicBoard.LvtError, 0x0001_00FF)]
    [InlineData(ApicBoard.IcrHigh, 0xFF00_0000)]
    [InlineData(ApicBoard.Divide, 0x0000_000B)]
    [InlineData(ApicBoard.Version, 0x0005_0014)]
    [InlineData(ApicBoard.Isr, 0)]
    [InlineData(ApicBoard.CurrentCount, 0)]
    public void Only_defined_bits_can_be_written(uint offset, uint expected)
    {
        var board = new ApicBoard();
        board.Write(offset, 0xFFFF_FFFF);
        Assert.Equal(expected, board.Read(offset));
        Assert.Empty(board.Cpu.Events);
    }

    [Theory]
    [InlineData(0x000)]
    [InlineData(0x040)]
    [InlineData(0x290)]
    [InlineData(ApicBoard.Cmci)]
    [InlineData(0x3A0)]
    [InlineData(0x3F0)]
    public void Reserved_registers_are_reported_in_the_error_status(uint offset)
    {
        var board = new ApicBoard();
        board.Write(offset, 1);
        Assert.Equal(0u, board.Read(offset));

        Assert.Equal(0u, board.Read(ApicBoard.Esr));
        board.Write(ApicBoard.Esr, 0);
        Assert.Equal(0x80u, board.Read(ApicBoard.Esr));
        board.Write(ApicBoard.Esr, 0);
        Assert.Equal(0u, board.Read(ApicBoard.Esr));
    }

    [Theory]
    [InlineData(0x0004_0005u, 0x60u)]
    [InlineData(0x0008_0005u, 0x60u)]
    [InlineData(0x000C_0005u, 0x20u)]
    [InlineData(0x0000_010Fu, 0x20u)]
    [InlineData(0x0004_0010u, 0x00u)]
    [InlineData(0x0004_0400u, 0x00u)]
    public void Illegal_vectors_in_commands_are_not_sent_but_reported(uint command, uint errors)
    {
        var board = new ApicBoard(2);
        board.Write(ApicBoard.IcrHigh, 0x0100_0000);
        board.Write(ApicBoard.IcrLow, command);
        board.Write(ApicBoard.Esr, 0);
        Assert.Equal(errors, board.Read(ApicBoard.Esr));
        Assert.Empty(board.Vectors(ApicBoard.Irr, 1));
    }

    [Fact]
    public void An_illegal_vector_that_arrives_is_reported_and_raises_the_error_interrupt_once()
    {
        var board = new ApicBoard();
        board.Write(ApicBoard.LvtError, 0xE1);
        board.Interrupt(0x0F);
        Assert.Equal((byte)0xE1, board.Acknowledge());
        board.Write(ApicBoard.Eoi, 0);

        board.Interrupt(0x0F);
        Assert.Null(board.Acknowledge());

        board.Write(ApicBoard.Esr, 0);
        Assert.Equal(0x40u, board.Read(ApicBoard.Esr));
        board.Interrupt(0x0F);
        Assert.Equal((byte)0xE1, board.Acknowledge());
    }

    [Fact]
    public void Software_disable_masks_the_vector_table_and_refuses_vectors_but_not_nmi()
    {
        var board = new ApicBoard();
        board.Write(ApicBoard.LvtPerformance, 0x50);
        board.Interrupt(0x41);

        board.Write(ApicBoard.Svr, 0xFF);
        board.Write(ApicBoard.LvtThermal, 0x51);
        board.Interrupt(0x42);
        board.Bus.Deliver(new ApicMessage(new ApicDestination(0, false), DeliveryMode.Nmi, 0));

        Assert.Equal(0x1_0050u, board.Read(ApicBoard.LvtPerformance));
        Assert.Equal(0x1_0051u, board.Read(ApicBoard.LvtThermal));
        Assert.Equal([0x41], board.Vectors(ApicBoard.Irr));
        Assert.Equal((byte)0x41, board.Acknowledge());
        Assert.Equal(["nmi"], board.Cpu.Events);
    }

    [Fact]
    public void A_performance_interrupt_masks_its_own_entry()
    {
        var board = new ApicBoard();
        board.Write(ApicBoard.LvtPerformance, 0x400);
        board.Apic.Raise(LocalInterrupt.Performance);
        board.Apic.Raise(LocalInterrupt.Performance);
        Assert.Equal(["nmi"], board.Cpu.Events);
        Assert.Equal(0x1_0400u, board.Read(ApicBoard.LvtPerformance));
    }

    [Fact]
    public void The_corrected_machine_check_entry_exists_only_where_offered()
    {
        var board = new ApicBoard(features: new LocalApicFeatures { CorrectedMachineCheck = true, EoiBroadcastSuppression = true });
        board.Write(ApicBoard.Cmci, 0x77);
        board.Apic.Raise(LocalInterrupt.CorrectedMachineCheck);
        Assert.Equal(0x0106_0014u, board.Read(ApicBoard.Version));
        Assert.Equal((byte)0x77, board.Acknowledge());
    }

    [Theory]
    [InlineData(0x22u, 1, 0x00ul)]
    [InlineData(0x23u, 1, 0x05ul)]
    [InlineData(0x20u, 8, 0x0500_0000ul)]
    [InlineData(0x24u, 4, 0ul)]
    [InlineData(0x22u, 4, 0x0500ul)]
    [InlineData(0x800u, 4, 0ul)]
    public void Unaligned_and_odd_sized_reads_are_benign(uint offset, int size, ulong expected) =>
        Assert.Equal(expected, new ApicBoard(firstId: 5).Apic.ReadMmio(offset, size));

    [Fact]
    public void Writes_that_are_not_aligned_32_bit_are_ignored()
    {
        var board = new ApicBoard();
        board.Apic.WriteMmio(ApicBoard.Tpr, 1, 0x55);
        board.Apic.WriteMmio(ApicBoard.Tpr, 8, 0x55);
        board.Apic.WriteMmio(ApicBoard.Tpr + 1, 4, 0x55);
        Assert.Equal(0u, board.Read(ApicBoard.Tpr));
    }

    [Theory]
    [InlineData(0x0000_0700u, "", (byte)0x08)]
    [InlineData(0x0000_0400u, "nmi", null)]
    [InlineData(0x0000_0200u, "smi", null)]
    [InlineData(0x0000_0500u, "init", null)]
    [InlineData(0x0000_0061u, "", (byte)0x61)]
    [InlineData(0x0001_0700u, "", null)]
    [InlineData(0x0001_0400u, "", null)]
    public void A_local_pin_does_what_its_entry_says(uint entry, string events, byte? vector)
    {
        var board = new ApicBoard();
        board.Write(ApicBoard.LvtLint0, entry);
        board.Apic.Lint0.Set(true);
        Assert.Equal(vector, board.Acknowledge());
        Assert.Equal(events, string.Join(',', board.Cpu.Events));
    }

    [Fact]
    public void A_level_triggered_local_pin_asks_again_after_its_eoi()
    {
        var board = new ApicBoard();
        board.Write(ApicBoard.LvtLint0, 0x8061);
        board.Apic.Lint0.Set(true);
        Assert.Equal((byte)0x61, board.Acknowledge());
        Assert.Equal(0xC061u, board.Read(ApicBoard.LvtLint0));
        Assert.Equal([0x61], board.Vectors(ApicBoard.Tmr));

        board.Write(ApicBoard.Eoi, 0);
        Assert.Equal((byte)0x61, board.Acknowledge());
        board.Apic.Lint0.Set(false);
        board.Write(ApicBoard.Eoi, 0);

        Assert.Null(board.Acknowledge());
        Assert.Equal(0x8061u, board.Read(ApicBoard.LvtLint0));
    }

    [Fact]
    public void The_second_pin_is_edge_triggered_whatever_the_first_one_is()
    {
        var board = new ApicBoard();
        board.Write(ApicBoard.LvtLint0, 0x8061);
        board.Write(ApicBoard.LvtLint1, 0x0400);
        board.Apic.Lint1.Set(true);
        Assert.Equal(["nmi"], board.Cpu.Events);
        Assert.Null(board.Acknowledge());
    }

    [Fact]
    public void A_globally_disabled_apic_passes_the_8259_through()
    {
        var board = new ApicBoard();
        Assert.True(board.Apic.TryWriteMsr(0x1B, 0xFEE0_0100));
        board.Apic.Lint0.Set(true);
        board.Apic.Lint1.Set(true);

        Assert.True(board.Apic.HasInterrupt);
        Assert.Equal((byte)0x08, board.Acknowledge());
        Assert.Equal(["nmi"], board.Cpu.Events);
        Assert.Null(board.Apic.MmioBase);
        board.Apic.Lint0.Set(false);
        Assert.False(board.Apic.HasInterrupt);
    }

    [Fact]
    public void Virtual_wire_after_reset_is_there_on_request()
    {
        var board = new ApicBoard(features: new LocalApicFeatures { VirtualWireAtReset = true }, enabled: false);
        board.Apic.Lint0.Set(true);
        Assert.Equal((byte)0x08, board.Acknowledge());
    }

    [Fact]
    public void Init_resets_everything_but_the_id()
    {
        var board = new ApicBoard();
        board.Write(ApicBoard.Id, 0x0700_0000);
        board.Write(ApicBoard.Tpr, 0x50);
        board.Interrupt(0x41, 0);
        board.Bus.Deliver(new ApicMessage(new ApicDestination(7, false), DeliveryMode.Init, 0));

        Assert.Equal(["init"], board.Cpu.Events);
        Assert.Equal(0x0700_0000u, board.Read(ApicBoard.Id));
        Assert.Equal(0u, board.Read(ApicBoard.Tpr));
        Assert.Equal(0xFFu, board.Read(ApicBoard.Svr));
        Assert.Empty(board.Vectors(ApicBoard.Irr));

        board.Apic.Reset();
        Assert.Equal(0u, board.Read(ApicBoard.Id));
    }
}
