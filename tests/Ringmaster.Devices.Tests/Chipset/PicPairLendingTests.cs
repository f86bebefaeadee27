using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Ringmaster.Devices.Chipset.InterruptController;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.Tests.Bus;

namespace Ringmaster.Devices.Tests.Chipset;

/// <summary>An 8259 pair whose state someone else has meanwhile.</summary>
public sealed class PicPairLendingTests
{
    private readonly InterruptLine _output = new(_ => { });
    private readonly List<(int Irq, bool Level)> _seen = [];
    private readonly PicPair _pic;
    private readonly GuestPorts _ports;

    public PicPairLendingTests()
    {
        _pic = new PicPair(_output);
        _ports = new GuestPorts(_pic);
    }

    [Fact]
    public void A_state_comes_back_as_it_went() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(ArbMap.Default.ArbFor<(byte Kind, byte Value)[]>(), steps =>
        {
            ushort[] places = [0x20, 0x21, 0xA0, 0xA1, 0x4D0, 0x4D1];
            foreach (var (kind, value) in steps)
            {
                if (kind % 8 < places.Length)
                    _ports.Out(places[kind % 8], value);
                else if (kind % 8 == 6 && value % 16 != PicPair.CascadeInput)
                    _pic.Input(value % 16).Set(value >= 128);
                else if (_output.IsAsserted)
                    _pic.Acknowledge();
            }
            var (before, asked) = (Saved(), _output.IsAsserted);

            _pic.TakeBack(_pic.Lend(See));

            Assert.True(JsonNode.DeepEquals(before, Saved()), $"{before}\n{Saved()}");
            Assert.Equal(asked, _output.IsAsserted);
        }));

    [Fact]
    public void Inputs_are_the_borrowers_meanwhile_and_nothing_interrupts()
    {
        var state = Initialized();

        _pic.Input(4).Set(true);
        _pic.Input(4).Set(true);
        _pic.Input(12).Set(true);
        _pic.Input(12).Set(false);

        Assert.Equal([(4, true), (12, true), (12, false)], _seen);
        Assert.False(_output.IsAsserted);
        _pic.TakeBack(state);
        Assert.False(_output.IsAsserted);
    }

    [Fact]
    public void What_is_requested_meanwhile_interrupts_afterwards()
    {
        var state = Initialized();
        _pic.Input(4).Set(true);

        _pic.TakeBack(state with { Master = state.Master with { Request = 1 << 4 } });

        Assert.True(_output.IsAsserted);
        Assert.Equal(0x24, _pic.Acknowledge());
        // The line is up still, which is no new edge.
        _pic.Input(4).Set(true);
        Assert.False(_output.IsAsserted);
    }

    private PicPairState Initialized()
    {
        foreach (var (port, value) in ((ushort, byte)[])[(0x20, 0x11), (0x21, 0x20), (0x21, 4), (0x21, 1), (0xA0, 0x11), (0xA1, 0x28), (0xA1, 2), (0xA1, 1)])
            _ports.Out(port, value);
        return _pic.Lend(See);
    }

    private void See(int irq, bool level) => _seen.Add((irq, level));

    private JsonNode? Saved() => JsonNode.Parse(_pic.Save().Data.ToString()!);
}
