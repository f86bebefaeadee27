using Ringmaster.Devices.Apic;

namespace Ringmaster.Devices.Tests.Apic;

public sealed class ApicTimerTests
{
    private const uint Periodic = 1 << 17, Deadline = 1 << 18, Masked = 1 << 16;

    [Theory]
    [InlineData(0xBu, 1)]
    [InlineData(0x0u, 2)]
    [InlineData(0x1u, 4)]
    [InlineData(0x2u, 8)]
    [InlineData(0x3u, 16)]
    [InlineData(0x8u, 32)]
    [InlineData(0x9u, 64)]
    [InlineData(0xAu, 128)]
    public void One_shot_counts_down_at_the_divided_rate(uint divide, int divisor)
    {
        var board = new ApicBoard();
        board.Write(ApicBoard.LvtTimer, 0x41);
        board.Write(ApicBoard.Divide, divide);
        board.Write(ApicBoard.InitialCount, 1000);

        board.Clock.Advance(400L * divisor);
        Assert.Equal(600u, board.Read(ApicBoard.CurrentCount));
        board.Clock.Advance(600L * divisor - 1);
        Assert.False(board.Apic.HasInterrupt);
        board.Clock.Advance(1);

        Assert.Equal((byte)0x41, board.Acknowledge());
        Assert.Equal(0u, board.Read(ApicBoard.CurrentCount));
        board.Write(ApicBoard.Eoi, 0);
        board.Clock.Advance(1_000_000);
        Assert.False(board.Apic.HasInterrupt);
        Assert.Equal(1000u, board.Read(ApicBoard.InitialCount));
    }

    [Fact]
    public void Periodic_mode_reloads()
    {
        var board = new ApicBoard();
        board.Write(ApicBoard.Divide, 0xB);
        board.Write(ApicBoard.LvtTimer, 0x41 | Periodic);
        board.Write(ApicBoard.InitialCount, 50_000);
        for (var i = 0; i < 3; i++)
        {
            board.Clock.Advance(49_999);
            Assert.Equal(1u, board.Read(ApicBoard.CurrentCount));
            Assert.False(board.Apic.HasInterrupt);
            board.Clock.Advance(1);
            Assert.Equal((byte)0x41, board.Acknowledge());
            board.Write(ApicBoard.Eoi, 0);
        }
        board.Write(ApicBoard.InitialCount, 0);
        board.Clock.Advance(1_000_000);
        Assert.False(board.Apic.HasInterrupt);
    }

    [Fact]
    public void A_period_too_short_for_any_host_merges_interrupts_but_not_counts()
    {
        var board = new ApicBoard();
        board.Write(ApicBoard.Divide, 0xB);
        board.Write(ApicBoard.LvtTimer, 0x41 | Periodic);
        board.Write(ApicBoard.InitialCount, 3);
        board.Clock.Advance(1_000_001);
        Assert.InRange(board.Cpu.Pending, 90, 110);
        Assert.Equal(1u, board.Read(ApicBoard.CurrentCount));
    }

    [Fact]
    public void A_masked_timer_counts_silently()
    {
        var board = new ApicBoard();
        board.Write(ApicBoard.LvtTimer, 0x41 | Masked);
        board.Write(ApicBoard.InitialCount, 1000);
        Assert.Null(board.Clock.NextDeadline);
        board.Clock.Advance(1000);
        Assert.Equal(500u, board.Read(ApicBoard.CurrentCount));
        board.Write(ApicBoard.LvtTimer, 0x41);
        board.Clock.Advance(1000);
        Assert.Equal((byte)0x41, board.Acknowledge());
    }

    [Fact]
    public void A_one_shot_that_ran_out_while_masked_stays_silent()
    {
        var board = new ApicBoard();
        board.Write(ApicBoard.LvtTimer, 0x41 | Masked);
        board.Write(ApicBoard.InitialCount, 1000);
        board.Clock.Advance(5000);
        board.Write(ApicBoard.LvtTimer, 0x41);
        board.Clock.Advance(5000);
        Assert.False(board.Apic.HasInterrupt);
    }

    [Fact]
    public void A_new_divisor_takes_effect_on_what_remains()
    {
        var board = new ApicBoard();
        board.Write(ApicBoard.LvtTimer, 0x41);
        board.Write(ApicBoard.Divide, 0xB);
        board.Write(ApicBoard.InitialCount, 1000);
        board.Clock.Advance(400);
        board.Write(ApicBoard.Divide, 0x1);
        Assert.Equal(600u, board.Read(ApicBoard.CurrentCount));
        board.Clock.Advance(2399);
        Assert.False(board.Apic.HasInterrupt);
        board.Clock.Advance(1);
        Assert.True(board.Apic.HasInterrupt);
    }

    [Fact]
    public void Tsc_deadline_fires_when_the_counter_gets_there_and_disarms()
    {
        var board = new ApicBoard();
        board.Tsc.Offset = 1_000_000;
        board.Write(ApicBoard.LvtTimer, 0x41 | Deadline);
        Assert.True(board.Apic.TryWriteMsr(0x6E0, 1_002_000));
        Assert.Equal(1_002_000UL, board.Msr(0, 0x6E0));
        board.Clock.Advance(999);
        Assert.False(board.Apic.HasInterrupt);
        board.Clock.Advance(1);
        Assert.Equal((byte)0x41, board.Acknowledge());
        Assert.Equal(0UL, board.Msr(0, 0x6E0));
        Assert.Equal(0u, board.Read(ApicBoard.CurrentCount));
    }

    [Fact]
    public void A_deadline_in_the_past_fires_at_once_and_zero_disarms()
    {
        var board = new ApicBoard();
        board.Clock.Advance(1000);
        board.Write(ApicBoard.LvtTimer, 0x41 | Deadline);
        board.Apic.TryWriteMsr(0x6E0, 5000);
        board.Apic.TryWriteMsr(0x6E0, 0);
        board.Clock.Advance(10_000);
        Assert.False(board.Apic.HasInterrupt);
        board.Apic.TryWriteMsr(0x6E0, 5);
        board.Clock.Advance(0);
        Assert.True(board.Apic.HasInterrupt);
        board.Apic.TryWriteMsr(0x6E0, ulong.MaxValue);
        Assert.Null(board.Clock.NextDeadline);
    }

    [Fact]
    public void A_deadline_follows_a_tsc_that_jumps()
    {
        var board = new ApicBoard();
        board.Write(ApicBoard.LvtTimer, 0x41 | Deadline);
        board.Apic.TryWriteMsr(0x6E0, 1_000_000);
        board.Tsc.Offset = 999_000;
        board.Apic.TscChanged();
        board.Clock.Advance(499);
        Assert.False(board.Apic.HasInterrupt);
        board.Clock.Advance(1);
        Assert.True(board.Apic.HasInterrupt);
    }

    [Fact]
    public void Deadline_and_count_belong_to_their_modes()
    {
        var board = new ApicBoard();
        board.Apic.TryWriteMsr(0x6E0, 1000);
        Assert.Equal(0UL, board.Msr(0, 0x6E0));
        board.Write(ApicBoard.InitialCount, 1000);
        board.Write(ApicBoard.LvtTimer, 0x41 | Deadline);
        Assert.Equal(0u, board.Read(ApicBoard.CurrentCount));
        board.Write(ApicBoard.InitialCount, 1000);
        Assert.Equal(0u, board.Read(ApicBoard.InitialCount));
        board.Apic.TryWriteMsr(0x6E0, 1000);
        board.Write(ApicBoard.LvtTimer, 0x41);
        board.Clock.Advance(1_000_000);
        Assert.False(board.Apic.HasInterrupt);
    }
}
