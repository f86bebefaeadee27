using FsCheck;
using FsCheck.Fluent;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Apic;

public sealed class ApicPropertyTests
{
    [Fact]
    public void Random_accesses_never_throw_and_keep_the_invariants() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(
            ArbMap.Default.ArbFor<(byte Kind, ushort Where, ulong Value)[]>(), steps =>
            {
                var board = new ApicBoard(3);
                foreach (var (kind, where, value) in steps)
                {
                    Step(board, kind, where, value);
                    for (var i = 0; i < 3; i++)
                        CheckInvariants(board, i);
                }
            }));

    [Fact]
    public void Random_histories_survive_a_save_and_restore() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(150), Prop.ForAll(
            ArbMap.Default.ArbFor<(byte Kind, ushort Where, ulong Value)[]>(), steps =>
            {
                var board = new ApicBoard(3);
                foreach (var (kind, where, value) in steps)
                    Step(board, kind, where, value);
                var copy = new ApicBoard(3);
                copy.Clock.Advance(board.Clock.Now);
                for (var i = 0; i < 3; i++)
                {
                    var saved = board.Apics[i].Save();
                    copy.Apics[i].Restore(saved);
                    Assert.Equal(board.Apics[i].HasInterrupt, copy.Apics[i].HasInterrupt);
                    // What a restore signals to the processor is not the guest's to see.
                    Assert.Equal(Comparable(saved), Comparable(copy.Apics[i].Save()));
                }
            }));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"InService":[1],"TriggerMode":[],"Requests":[],"Lvt":[]}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"Id":"x"}""")]
    public void Malformed_states_are_refused(string json)
    {
        var board = new ApicBoard();
        var data = System.Text.Json.JsonDocument.Parse(json).RootElement;
        Assert.Throws<SavedStateException>(() => board.Apic.Restore(new SavedState("local-apic", 1, data)));
        Assert.Throws<SavedStateException>(() => board.IoApic.Restore(new SavedState("io-apic", 1, data)));
    }

    private static string Comparable(SavedState state)
    {
        var text = state.Data.ToString()!;
        return text[..text.IndexOf("\"Signalled\"", StringComparison.Ordinal)];
    }

    internal static void Step(ApicBoard board, byte kind, ushort where, ulong value)
    {
        var apic = board.Apics[where % 3];
        var spread = value * 0x9E37_79B9_7F4A_7C15;
        switch (kind % 10)
        {
            case 0 or 1:
                apic.WriteMmio((uint)(where * 16 & 0x3F0), 4, (uint)spread);
                break;
            case 2:
                apic.ReadMmio((uint)where & 0xFFF, 1 + (int)(value % 8));
                apic.WriteMmio((uint)where & 0xFFF, 1 + (int)(value % 8), value);
                break;
            case 3:
                apic.TryWriteMsr(0x800u + (uint)where % 64, (where & 64) != 0 ? value & 0x1FF : spread);
                break;
            case 4:
                apic.TryWriteMsr(0x1B, 0xFEE0_0000 | ((value & 0xD) << 8));
                break;
            case 5:
                board.WriteIo((byte)where, (uint)spread);
                break;
            case 6:
                board.IoApic.Input(where % 24).Set((value & 1) != 0);
                apic.Lint0.Set((value & 2) != 0);
                break;
            case 7:
                board.Bus.DeliverMsi(0xFEE0_0000 | (value & 0xF_FFFF), (uint)spread);
                break;
            case 8:
                board.Clock.Advance((long)(value % 100_000));
                apic.TryWriteMsr(0x6E0, value);
                break;
            default:
                apic.TryAcknowledge(out _);
                apic.WriteMmio(ApicBoard.Eoi, 4, 0);
                break;
        }
    }

    private static void CheckInvariants(ApicBoard board, int index)
    {
        var apic = board.Apics[index];
        if (apic.MmioBase is null)
            return;
        var served = board.Vectors(ApicBoard.Isr, index);
        var requested = board.Vectors(ApicBoard.Irr, index);
        Assert.DoesNotContain(served, vector => vector < 16);
        Assert.DoesNotContain(requested, vector => vector < 16);
        // At most one interrupt of a class is in service.
        Assert.Equal(served.Length, served.Select(vector => vector >> 4).Distinct().Count());
        var ppr = board.Read(index, ApicBoard.Ppr);
        Assert.True(ppr >> 4 >= board.Read(index, ApicBoard.Tpr) >> 4);
        if (requested.Length > 0 && requested.Max() >> 4 > ppr >> 4)
            Assert.True(apic.HasInterrupt);
    }
}
