using Ringmaster.Devices.Apic;

namespace Ringmaster.Devices.Tests.Apic;

public sealed class X2ApicTests
{
    private const ulong Disabled = 0xFEE0_0100, XApic = 0xFEE0_0900, X2Apic = 0xFEE0_0D00, Invalid = 0xFEE0_0500;

    // SDM 3A figure 11-27. From x2APIC mode the only ways out are disable and reset.
    [Theory]
    [InlineData(Disabled, Disabled, true)]
    [InlineData(Disabled, XApic, true)]
    [InlineData(Disabled, X2Apic, false)]
    [InlineData(Disabled, Invalid, false)]
    [InlineData(XApic, Disabled, true)]
    [InlineData(XApic, XApic, true)]
    [InlineData(XApic, X2Apic, true)]
    [InlineData(XApic, Invalid, false)]
    [InlineData(X2Apic, Disabled, true)]
    [InlineData(X2Apic, XApic, false)]
    [InlineData(X2Apic, X2Apic, true)]
    [InlineData(X2Apic, Invalid, false)]
    public void Mode_transitions_are_checked(ulong from, ulong to, bool legal)
    {
        var board = new ApicBoard();
        Assert.True(board.Apic.TryWriteMsr(0x1B, from));

        Assert.Equal(legal, board.Apic.TryWriteMsr(0x1B, to));

        Assert.Equal(legal ? to : from, board.Msr(0, 0x1B));
    }

    [Theory]
    [InlineData(XApic | 1)]
    [InlineData(XApic | 0x80)]
    [InlineData(XApic | 0x200)]
    [InlineData(XApic | (1UL << 40))]
    [InlineData(XApic | (1UL << 63))]
    public void Reserved_base_bits_fault(ulong value) => Assert.False(new ApicBoard().Apic.TryWriteMsr(0x1B, value));

    [Fact]
    public void The_register_page_can_be_moved()
    {
        var board = new ApicBoard();
        Assert.True(board.Apic.TryWriteMsr(0x1B, 0x12_3450_0900));
        Assert.Equal(0x12_3450_0000UL, board.Apic.MmioBase!.Value.Value);
    }

    [Fact]
    public void Without_the_feature_x2apic_mode_is_reserved()
    {
        var board = new ApicBoard(features: new LocalApicFeatures { X2Apic = false, TscDeadline = false });
        Assert.False(board.Apic.TryWriteMsr(0x1B, X2Apic));
        Assert.False(board.Apic.TryReadMsr(0x6E0, out _));
        Assert.False(board.Apic.TryWriteMsr(0x6E0, 0));
    }

    // SDM 3A table 11-6. Letters: r readable, w writable with 0.
    public static TheoryData<uint, string> Legality()
    {
        var data = new TheoryData<uint, string>();
        for (var msr = 0x800u; msr <= 0x8FF; msr++)
        {
            data.Add(msr, msr switch
            {
                0x802 or 0x803 or 0x80A or 0x80D or 0x839 => "r",
                >= 0x810 and <= 0x827 => "r",
                0x80B or 0x83F => "w",
                0x808 or 0x80F or 0x828 or 0x830 or (>= 0x832 and <= 0x838) or 0x83E => "rw",
                _ => "",
            });
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Legality))]
    public void Msrs_are_legal_as_the_table_says(uint msr, string legal)
    {
        var board = new ApicBoard();
        board.EnableX2Apic();
        Assert.Equal(legal.Contains('r', StringComparison.Ordinal), board.Apic.TryReadMsr(msr, out _));
        Assert.Equal(legal.Contains('w', StringComparison.Ordinal), board.Apic.TryWriteMsr(msr, 0));
        Assert.True(LocalApic.OwnsMsr(msr));
    }

    [Fact]
    public void Outside_x2apic_mode_no_register_msr_is_legal()
    {
        var board = new ApicBoard();
        for (var msr = 0x800u; msr <= 0x8FF; msr++)
        {
            Assert.False(board.Apic.TryReadMsr(msr, out _));
            Assert.False(board.Apic.TryWriteMsr(msr, 0));
        }
    }

    [Theory]
    [InlineData(0x808, 0xFFUL, true)]
    [InlineData(0x808, 0x100UL, false)]
    [InlineData(0x80B, 1UL, false)]
    [InlineData(0x80F, 0x1FFUL, true)]
    [InlineData(0x80F, 0x1000UL, false)]
    [InlineData(0x828, 1UL, false)]
    [InlineData(0x830, 0xFFFF_FFFF_000C_4841UL, true)]
    [InlineData(0x830, 0x0000_0000_0010_0041UL, false)]
    [InlineData(0x830, 0x0000_0000_0001_0041UL, false)]
    [InlineData(0x830, 0x0000_0000_0000_2041UL, false)]
    [InlineData(0x832, 0x0004_0041UL, true)]
    [InlineData(0x832, 0x0008_0041UL, false)]
    [InlineData(0x833, 0x0001_0141UL, true)]
    [InlineData(0x833, 0x0000_8041UL, false)]
    [InlineData(0x835, 0x0001_F7FFUL, true)]
    [InlineData(0x835, 0x0000_0800UL, false)]
    [InlineData(0x837, 0x0000_0100UL, false)]
    [InlineData(0x838, 0xFFFF_FFFFUL, true)]
    [InlineData(0x838, 0x1_0000_0000UL, false)]
    [InlineData(0x83E, 0xBUL, true)]
    [InlineData(0x83E, 0x4UL, false)]
    [InlineData(0x83F, 0x41UL, true)]
    [InlineData(0x83F, 0x141UL, false)]
    public void Reserved_bits_fault(uint msr, ulong value, bool legal)
    {
        var board = new ApicBoard();
        board.EnableX2Apic();
        Assert.Equal(legal, board.Apic.TryWriteMsr(msr, value));
    }

    [Theory]
    [InlineData(0u, 0x0000_0001u)]
    [InlineData(0x1Fu, 0x0001_8000u)]
    [InlineData(0x123u, 0x0012_0008u)]
    public void Id_and_logical_id_are_derived(uint id, uint logical)
    {
        var board = new ApicBoard(firstId: id);
        board.EnableX2Apic();
        Assert.Equal(id, board.Msr(0, 0x802));
        Assert.Equal(logical, board.Msr(0, 0x80D));
        Assert.Null(board.Apic.MmioBase);
        Assert.Equal(0xFFFF_FFFFUL, board.Apic.ReadMmio(0x20, 4));
    }

    [Fact]
    public void Self_ipi_and_eoi_work_by_msr()
    {
        var board = new ApicBoard();
        board.EnableX2Apic();
        Assert.True(board.Apic.TryWriteMsr(0x83F, 0x41));
        Assert.Equal(1UL << 1, board.Msr(0, 0x822));
        Assert.Equal((byte)0x41, board.Acknowledge());
        Assert.Equal(1UL << 1, board.Msr(0, 0x812));
        Assert.True(board.Apic.TryWriteMsr(0x80B, 0));
        Assert.Equal(0UL, board.Msr(0, 0x812));
    }

    [Fact]
    public void Going_to_x2apic_mode_keeps_what_was_programmed_and_disabling_loses_it()
    {
        var board = new ApicBoard();
        board.Write(ApicBoard.Tpr, 0x40);
        board.Interrupt(0x51);
        board.EnableX2Apic();
        Assert.Equal(0x40UL, board.Msr(0, 0x808));
        Assert.True(board.Apic.HasInterrupt);

        Assert.True(board.Apic.TryWriteMsr(0x1B, Disabled));
        Assert.True(board.Apic.TryWriteMsr(0x1B, XApic));
        Assert.Equal(0u, board.Read(ApicBoard.Tpr));
        Assert.False(board.Apic.HasInterrupt);
    }
}
