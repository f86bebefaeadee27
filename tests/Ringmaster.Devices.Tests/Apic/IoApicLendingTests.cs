using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Ringmaster.Devices.Tests.Apic;

/// <summary>An I/O APIC whose state someone else has meanwhile.</summary>
public sealed class IoApicLendingTests
{
    private const ulong Level = 1 << 15, RemoteIrr = 1 << 14;

    [Fact]
    public void A_state_comes_back_as_it_went() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(
            ArbMap.Default.ArbFor<(byte Kind, ushort Where, ulong Value)[]>(), steps =>
            {
                var board = new ApicBoard(3);
                foreach (var (kind, where, value) in steps)
                    ApicPropertyTests.Step(board, kind, where, value);
                var before = Saved(board);

                board.IoApic.TakeBack(board.IoApic.Lend((_, _) => { }));

                Assert.True(JsonNode.DeepEquals(before, Saved(board)));
            }));

    [Fact]
    public void Inputs_are_the_borrowers_meanwhile_and_nothing_is_sent()
    {
        var board = new ApicBoard();
        board.WriteEntry(3, 0x31);
        board.WriteEntry(5, 0x51 | Level);
        var seen = new List<(int Input, bool Level)>();
        var state = board.IoApic.Lend((input, level) => seen.Add((input, level)));

        board.IoApic.Input(3).Set(true);
        board.IoApic.Input(5).Set(true);
        board.IoApic.Input(5).Set(true);

        Assert.Equal([(3, true), (5, true)], seen);
        Assert.Empty(board.Vectors(ApicBoard.Irr));
        // Whoever had the state has sent the edge; the level goes on asking.
        board.IoApic.TakeBack(state with { Entries = state.Entries.SetItem(5, 0x51 | Level | RemoteIrr) });
        board.Bus.EndOfInterrupt(0x51);
        Assert.Equal([0x51], board.Vectors(ApicBoard.Irr));
    }

    private static JsonNode? Saved(ApicBoard board) => JsonNode.Parse(board.IoApic.Save().Data.ToString()!);
}
