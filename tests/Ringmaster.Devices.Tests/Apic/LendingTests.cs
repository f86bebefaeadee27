using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Ringmaster.Devices.Apic;

namespace Ringmaster.Devices.Tests.Apic;

/// <summary>Local APICs whose state someone else has meanwhile, as a register page.</summary>
public sealed class LendingTests
{
    private const ulong Level = 1 << 15;

    [Fact]
    public void A_state_comes_back_as_it_went() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(
            ArbMap.Default.ArbFor<(byte Kind, ushort Where, ulong Value)[]>(), steps =>
            {
                var board = new ApicBoard(3);
                foreach (var (kind, where, value) in steps)
                    ApicPropertyTests.Step(board, kind, where, value);
                board.Clock.Advance(0);
                foreach (var apic in board.Apics)
                {
                    var before = Comparable(apic);

                    ThereAndBack(apic);

                    Assert.Equal(before, Comparable(apic));
                }
            }));

    [Fact]
    public void Software_sees_the_same_registers_afterwards() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(
            ArbMap.Default.ArbFor<(byte Kind, ushort Where, ulong Value)[]>(), steps =>
            {
                var board = new ApicBoard(3);
                foreach (var (kind, where, value) in steps)
                    ApicPropertyTests.Step(board, kind, where, value);
                board.Clock.Advance(0);
                for (var i = 0; i < 3; i++)
                {
                    var before = Registers(board, i);

                    ThereAndBack(board.Apics[i]);

                    Assert.Equal(before, Registers(board, i));
                }
            }));

    [Theory]
    [InlineData(0x0_0030u, 0xBu)]
    [InlineData(0x0_0030u, 0x3u)]
    [InlineData(0x2_0030u, 0xBu)]
    [InlineData(0x2_0030u, 0xAu)]
    public void A_count_goes_on_where_it_is(uint entry, uint divide)
    {
        var board = new ApicBoard();
        board.Write(ApicBoard.LvtTimer, entry);
        board.Write(ApicBoard.Divide, divide);
        board.Write(ApicBoard.InitialCount, 100_000);
        board.Clock.Advance(12_345);
        var count = board.Read(ApicBoard.CurrentCount);

        ThereAndBack(board.Apic);

        Assert.Equal(count, board.Read(ApicBoard.CurrentCount));
        board.Clock.Advance(100_000 * 128);
        Assert.Equal([0x30], board.Vectors(ApicBoard.Irr));
    }

    [Fact]
    public void A_deadline_goes_on()
    {
        var board = new ApicBoard();
        board.Write(ApicBoard.LvtTimer, 0x4_0030);
        Assert.True(board.Apic.TryWriteMsr(0x6E0, 20_000));

        ThereAndBack(board.Apic);

        Assert.Equal(20_000UL, board.Msr(0, 0x6E0));
        board.Clock.Advance(10_000);
        Assert.Equal([0x30], board.Vectors(ApicBoard.Irr));
    }

    [Fact]
    public void A_count_that_has_run_out_does_not_interrupt_again()
    {
        var board = new ApicBoard();
        board.Write(ApicBoard.LvtTimer, 0x30);
        board.Write(ApicBoard.InitialCount, 100);
        board.Clock.Advance(1000);
        Assert.Equal((byte)0x30, board.Acknowledge());
        board.Write(ApicBoard.Eoi, 0);

        ThereAndBack(board.Apic);

        board.Clock.Advance(1_000_000);
        Assert.Empty(board.Vectors(ApicBoard.Irr));
    }

    [Fact]
    public void A_count_that_runs_out_elsewhere_is_an_interrupt_here()
    {
        var board = new ApicBoard();
        board.Write(ApicBoard.LvtTimer, 0x30);
        board.Write(ApicBoard.InitialCount, 100_000);
        var page = new uint[64];
        var (apicBase, deadline) = board.Apic.Lend(page);
        page[ApicBoard.CurrentCount / 16] = 0;

        board.Apic.TakeBack(page, apicBase, deadline);
        board.Clock.Advance(0);

        Assert.Equal([0x30], board.Vectors(ApicBoard.Irr));
    }

    [Fact]
    public void A_lent_timer_does_not_ring_here()
    {
        var board = new ApicBoard();
        board.Write(ApicBoard.LvtTimer, 0x30);
        board.Write(ApicBoard.InitialCount, 1000);
        var page = new uint[64];
        board.Apic.Lend(page);

        Assert.Null(board.Clock.NextDeadline);
        Assert.Equal(1000u, page[ApicBoard.CurrentCount / 16]);
    }

    [Fact]
    public void Messages_go_to_the_borrower_meanwhile()
    {
        var board = new ApicBoard();
        var carrier = new Carrier();
        board.Apic.Lend(new uint[64]);
        board.Bus.Lend(carrier);

        Assert.True(board.Bus.DeliverMsi(0xFEE0_1000, 0x41));
        board.WriteEntry(3, 0x31);
        board.IoApic.Input(3).Set(true);

        Assert.Equal([0x41, 0x31], carrier.Messages.Select(m => (int)m.Vector));
        Assert.Equal(1u, carrier.Messages[0].Destination.Id);
    }

    [Fact]
    public void A_level_is_ended_by_the_borrower()
    {
        var board = new ApicBoard();
        var carrier = new Carrier();
        board.Apic.Lend(new uint[64]);
        board.Bus.Lend(carrier);
        board.WriteEntry(10, Level | 0x31);
        board.IoApic.Input(10).Set(true);
        Assert.NotEqual(0UL, board.ReadEntry(10) & 1 << 14);

        board.Bus.EndOfInterrupt(0x31);

        // It is still asserted, so it comes again.
        Assert.Equal([0x31, 0x31], carrier.Messages.Select(m => (int)m.Vector));
        Assert.Equal((byte)0x31, carrier.Levels[10]!.Value.Vector);
    }

    [Fact]
    public void A_masked_level_is_reported_as_long_as_its_interrupt_may_be_in_service()
    {
        var board = new ApicBoard();
        var carrier = new Carrier();
        board.Bus.Lend(carrier);
        board.WriteEntry(10, Level | 0x31);

        board.WriteEntry(10, Level | 0x31 | 1 << 16);
        Assert.NotNull(carrier.Levels[10]);

        board.WriteEntry(10, 0x31);
        Assert.Null(carrier.Levels[10]);
    }

    [Fact]
    public void An_end_that_the_borrower_has_not_told_of_yet_is_found()
    {
        var board = new ApicBoard();
        var page = new uint[64];
        var (apicBase, deadline) = board.Apic.Lend(page);
        board.Bus.Lend(new Carrier());
        board.WriteEntry(10, Level | 0x31);
        board.IoApic.Input(10).Set(true);
        board.IoApic.Input(10).Set(false);

        board.Apic.TakeBack(page, apicBase, deadline);
        board.Bus.TakeBack();

        Assert.Equal(0UL, board.ReadEntry(10) & 1 << 14);
    }

    [Fact]
    public void An_interrupt_that_is_still_in_service_is_not_ended()
    {
        var board = new ApicBoard();
        var page = new uint[64];
        var (apicBase, deadline) = board.Apic.Lend(page);
        board.Bus.Lend(new Carrier());
        board.WriteEntry(10, Level | 0x31);
        board.IoApic.Input(10).Set(true);
        page[(ApicBoard.Isr + 0x10) / 16] = 1 << 0x11;
        page[(ApicBoard.Tmr + 0x10) / 16] = 1 << 0x11;

        board.Apic.TakeBack(page, apicBase, deadline);
        board.Bus.TakeBack();
        Assert.NotEqual(0UL, board.ReadEntry(10) & 1 << 14);

        board.IoApic.Input(10).Set(false);
        board.Write(ApicBoard.Eoi, 0);
        Assert.Equal(0UL, board.ReadEntry(10) & 1 << 14);
    }

    [Fact]
    public void The_8259_is_announced_and_acknowledged_here_all_the_same()
    {
        var board = new ApicBoard();
        board.Apic.Lend(new uint[64]);
        var announced = board.Cpu.Pending;

        board.Apic.Lint0.Set(true);

        Assert.Equal(announced + 1, board.Cpu.Pending);
        Assert.True(board.Apic.HasInterrupt);
        Assert.Equal(board.PicVector, board.Acknowledge());
    }

    [Fact]
    public void What_is_elsewhere_is_not_saved_here()
    {
        var board = new ApicBoard();
        board.Apic.Lend(new uint[64]);

        Assert.Throws<InvalidOperationException>(board.Apic.Save);
        Assert.Null(board.Apic.MmioBase);
    }

    private static void ThereAndBack(LocalApic apic)
    {
        var page = new uint[64];
        var (apicBase, deadline) = apic.Lend(page);
        apic.TakeBack(page, apicBase, deadline);
    }

    /// <summary>A state without what <see cref="LocalApicForm"/> says may change.</summary>
    private static string Comparable(LocalApic apic)
    {
        var state = JsonNode.Parse(apic.Save().Data.ToString()!)!.AsObject();
        var timer = state["Timer"]!.AsObject();
        // Derived from the count, which registers show.
        timer.Remove("Start");
        timer.Remove("Alarm");
        if (!timer["IsRunning"]!.GetValue<bool>())
            timer.Remove("InitialCount");
        if ((state["ApicBase"]!.GetValue<ulong>() & 0xC00) == 0xC00)
        {
            state.Remove("Id");
            state.Remove("LogicalDestination");
        }
        state.Remove("Signalled");
        return state.ToJsonString();
    }

    private static List<uint> Registers(ApicBoard board, int index)
    {
        var apic = board.Apics[index];
        var registers = new List<uint>();
        for (var register = 0u; register < 64; register++)
        {
            // Zero from now on, if the count has run out.
            if (register == ApicBoard.InitialCount / 16)
                continue;
            if (apic.MmioBase is not null)
                registers.Add(board.Read(index, register * 16));
            else if (apic.TryReadMsr(0x800 + register, out var value))
                registers.Add((uint)value);
        }
        return registers;
    }

    private sealed class Carrier : IApicCarrier
    {
        public List<ApicMessage> Messages { get; } = [];

        public IReadOnlyList<ApicMessage?> Levels { get; private set; } = [];

        public bool Deliver(in ApicMessage message)
        {
            Messages.Add(message);
            return true;
        }

        public void LevelsChanged(IReadOnlyList<ApicMessage?> messages) => Levels = messages;
    }
}
