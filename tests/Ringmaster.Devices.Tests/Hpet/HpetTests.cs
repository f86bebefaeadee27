using FsCheck;
using FsCheck.Fluent;
using Ringmaster.Devices.State;
using Ringmaster.Devices.Tests.Bus;

namespace Ringmaster.Devices.Tests.Hpet;

public sealed class HpetTests
{
    private const uint General = 0x10, Status = 0x20, Counter = 0xF0, T0 = 0x100, T0Comparator = 0x108, T0Message = 0x110,
        T1 = 0x120, T1Comparator = 0x128, T2 = 0x140, T2Comparator = 0x148;

    private const ulong Level = 2, Enable = 4, Periodic = 8, SetValue = 0x40, Narrow = 0x100, Message = 0x4000, Route20 = 20 << 9;

    [Theory]
    [InlineData(0x000u, 0x0098_9680_8086_A201UL)]
    [InlineData(General, 0UL)]
    [InlineData(Counter, 0UL)]
    [InlineData(T0, 0x00F0_0000_0000_8030UL)]
    [InlineData(T0Comparator, ulong.MaxValue)]
    [InlineData(T2, 0x00F0_0800_0000_8030UL)]
    [InlineData(0x160u, 0UL)]
    [InlineData(0x3F8u, 0UL)]
    public void Registers_have_their_values_after_power_up(uint offset, ulong expected) =>
        Assert.Equal(expected, new HpetBoard().Read(offset));

    [Fact]
    public void The_counter_runs_at_100_MHz_while_enabled_and_is_written_while_halted()
    {
        var board = new HpetBoard();
        board.Clock.Advance(1000);
        Assert.Equal(0UL, board.Read(Counter));
        board.Write(Counter, 0xFFFF_FFF0, 4);
        board.Write(Counter + 4, 7, 4);
        board.Write(General, 1);
        board.Clock.Advance(200);
        Assert.Equal(0x8_0000_0004UL, board.Read(Counter));
        Assert.Equal(8UL, board.Read(Counter + 4, 4));

        board.Write(Counter, 5);
        Assert.Equal(0x8_0000_0004UL, board.Read(Counter));
        board.Write(General, 0);
        board.Clock.Advance(1000);
        Assert.Equal(0x8_0000_0004UL, board.Read(Counter));
    }

    [Fact]
    public void A_one_shot_fires_once_when_the_counter_matches()
    {
        var board = new HpetBoard();
        board.Write(T0, Enable | Route20);
        board.Write(T0Comparator, 100);
        board.Write(General, 1);
        board.Clock.Advance(999);
        Assert.Empty(board.Edges);
        board.Clock.Advance(1);
        Assert.Equal(1, board.Edges[20]);
        Assert.DoesNotContain(20, board.Asserted);
        board.Clock.Advance(1_000_000_000_000);
        Assert.Equal(1, board.Edges[20]);
    }

    [Fact]
    public void A_narrow_one_shot_fires_each_time_its_half_comes_round()
    {
        var board = new HpetBoard();
        board.Write(T0, Enable | Narrow | Route20);
        board.Write(T0Comparator, 0x5_0000_0064);
        Assert.Equal(100UL, board.Read(T0Comparator));
        board.Write(General, 1);
        board.Clock.Advance(1000);
        Assert.Equal(1, board.Edges[20]);
        board.Clock.Advance(10 * (1L << 32) - 1);
        Assert.Equal(1, board.Edges[20]);
        board.Clock.Advance(1);
        Assert.Equal(2, board.Edges[20]);
    }

    [Fact]
    public void A_periodic_comparator_accumulates_its_period()
    {
        var board = new HpetBoard();
        board.Write(T0, Enable | Periodic | SetValue | Route20);
        board.Write(T0Comparator, 5000);
        Assert.Equal(0UL, board.Read(T0) & SetValue);
        board.Write(T0Comparator, 2000);
        Assert.Equal(5000UL, board.Read(T0Comparator));
        board.Write(General, 1);

        board.Clock.Advance(50_000);
        Assert.Equal(1, board.Edges[20]);
        Assert.Equal(7000UL, board.Read(T0Comparator));
        board.Clock.Advance(40_000);
        Assert.Equal(3, board.Edges[20]);
        Assert.Equal(11000UL, board.Read(T0Comparator));
    }

    [Fact]
    public void A_period_of_one_tick_merges_interrupts()
    {
        var board = new HpetBoard();
        board.Write(T0, Enable | Periodic | SetValue | Route20);
        board.Write(T0Comparator, 1);
        board.Write(General, 1);
        board.Clock.Advance(1_000_000);
        Assert.InRange(board.Edges[20], 90, 110);
    }

    [Fact]
    public void A_level_interrupt_stays_until_its_status_is_cleared()
    {
        var board = new HpetBoard();
        board.Write(T2, Enable | Level | (11 << 9));
        board.Write(T2Comparator, 100);
        board.Write(General, 1);
        board.Clock.Advance(1000);
        Assert.Contains(11, board.Asserted);
        Assert.Equal(4UL, board.Read(Status));
        board.Write(Status, 3);
        Assert.Contains(11, board.Asserted);
        board.Write(Status, 4);
        Assert.Empty(board.Asserted);
        Assert.Equal(0UL, board.Read(Status));
    }

    [Fact]
    public void A_disabled_level_interrupt_still_sets_its_status()
    {
        var board = new HpetBoard();
        board.Write(T0, Level | Route20);
        board.Write(T0Comparator, 100);
        board.Write(General, 1);
        board.Clock.Advance(1000);
        Assert.Equal(1UL, board.Read(Status));
        Assert.Empty(board.Asserted);
        board.Write(T0, Level | Enable | Route20);
        Assert.Contains(20, board.Asserted);
        board.Write(General, 0);
        Assert.Empty(board.Asserted);
    }

    [Fact]
    public void Legacy_replacement_takes_the_wires_of_pit_and_rtc()
    {
        var board = new HpetBoard();
        board.Device.PitInput.Set(true);
        board.Device.RtcInput.Set(true);
        Assert.Equal([HpetBoard.Irq8, HpetBoard.Irq0], board.Asserted.Order());
        board.Write(T0, Enable | Route20);
        board.Write(T0Comparator, 100);
        board.Write(T1, Enable);
        board.Write(T1Comparator, 200);

        board.Write(General, 3);
        Assert.True(board.Device.IsLegacyReplacement);
        Assert.Empty(board.Asserted);
        board.Clock.Advance(2000);

        Assert.Equal(2, board.Edges[HpetBoard.Irq0]);
        Assert.Equal(2, board.Edges[HpetBoard.Irq8]);
        Assert.False(board.Edges.ContainsKey(20));
        board.Write(General, 1);
        Assert.Equal([HpetBoard.Irq8, HpetBoard.Irq0], board.Asserted.Order());
        board.Device.PitInput.Set(false);
        board.Write(General, 3);
        Assert.Empty(board.Asserted);
    }

    [Fact]
    public void An_edge_in_the_place_of_the_pit_waits_in_an_8259()
    {
        var board = new HpetBoard();
        var ports = new GuestPorts(board.Pic);
        foreach (var (port, value) in ((ushort, byte)[])[(0x20, 0x11), (0x21, 0x20), (0x21, 4), (0x21, 1)])
            ports.Out(port, value);
        board.Write(T0, Enable | Periodic | SetValue);
        board.Write(T0Comparator, 5000);
        board.Write(General, 3);

        for (var i = 0; i < 3; i++)
        {
            board.Clock.Advance(50_000);
            Assert.Equal(0x20, board.Pic.Acknowledge());
            ports.Out(0x20, 0x20);
        }

        // The PIT has the wire again, which is down.
        board.Write(General, 1);
        Assert.Empty(board.Asserted);
    }

    [Fact]
    public void A_wire_that_an_edge_has_left_up_is_up_after_a_restore()
    {
        var board = new HpetBoard();
        board.Write(T0, Enable);
        board.Write(T0Comparator, 100);
        board.Write(General, 3);
        board.Clock.Advance(2000);
        var copy = new HpetBoard();
        copy.Clock.Advance(2000);

        copy.Device.Restore(board.Device.Save());

        Assert.Equal([HpetBoard.Irq0], copy.Asserted);
    }

    [Fact]
    public void Messages_replace_the_wire_where_offered()
    {
        var board = new HpetBoard();
        board.Write(T0Message, 0xFEE0_1000_0000_0041);
        board.Write(T0, Enable | Message);
        board.Write(T0Comparator, 100);
        board.Write(General, 1);
        board.Clock.Advance(1000);
        Assert.Equal((0xFEE0_1000UL, 0x41u), Assert.Single(board.Messages));
        Assert.Empty(board.Edges);

        var without = new HpetBoard(messages: false);
        without.Write(T0, Message);
        Assert.Equal(0x00F0_0000_0000_0030UL, without.Read(T0));
    }

    [Theory]
    [InlineData(20, 20)]
    [InlineData(23, 23)]
    [InlineData(11, 0)]
    [InlineData(31, 0)]
    public void Only_routes_that_exist_are_taken(int route, int taken)
    {
        var board = new HpetBoard();
        board.Write(T0, (ulong)route << 9);
        Assert.Equal((ulong)taken, (board.Read(T0) >> 9) & 0x1F);
    }

    [Fact]
    public void A_restored_timer_goes_on_where_it_was()
    {
        var board = new HpetBoard();
        board.Write(T0, Enable | Periodic | SetValue | Route20);
        board.Write(T0Comparator, 5000);
        board.Write(General, 1);
        board.Clock.Advance(70_000);
        var saved = board.Device.Save();
        var copy = new HpetBoard();
        copy.Clock.Advance(70_000);

        copy.Device.Restore(saved);

        Assert.Equal(saved.Data.ToString(), copy.Device.Save().Data.ToString());
        copy.Clock.Advance(29_999);
        Assert.Empty(copy.Edges);
        copy.Clock.Advance(1);
        Assert.Equal(1, copy.Edges[20]);
    }

    [Fact]
    public void Random_accesses_never_throw() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(
            ArbMap.Default.ArbFor<(ushort Where, ulong Value, ushort Time)[]>(), steps =>
            {
                var board = new HpetBoard();
                foreach (var (where, value, time) in steps)
                {
                    var size = (where & 0x400) != 0 ? 1 + where % 8 : 8;
                    var offset = (uint)(where & 0x1F8) + ((where & 0x400) != 0 ? (uint)where & 7 : 0);
                    board.Write(offset, value * 0x9E37_79B9_7F4A_7C15, size);
                    board.Write(General, (uint)where >> 14, 4);
                    board.Read(offset, size);
                    board.Clock.Advance(time);
                }
                var copy = new HpetBoard();
                copy.Clock.Advance(board.Clock.Now);
                var saved = board.Device.Save();
                copy.Device.Restore(saved);
                Assert.Equal(saved.Data.ToString(), copy.Device.Save().Data.ToString());
            }));

    [Fact]
    public void Malformed_states_are_refused()
    {
        var data = System.Text.Json.JsonDocument.Parse("""{"Timers":[null,null,null]}""").RootElement;
        Assert.Throws<SavedStateException>(() => new HpetBoard().Device.Restore(new SavedState("hpet", 1, data)));
    }
}
