using FsCheck;
using FsCheck.Fluent;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.Chipset.AcpiPm;
using Ringmaster.Devices.Clock;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.AcpiPm;

public sealed class AcpiPmTests
{
    private const ushort Event = 0x600, EventEnable = 0x602, Control = 0x604, Timer = 0x608, Gpe = 0x620, GpeEnable = 0x622,
        Smi = 0xB2;

    private readonly ManualVmClock _clock = new();
    private readonly InterruptLine _sci = new(_ => { });
    private readonly List<int> _sleeps = [];
    private readonly List<byte> _commands = [];
    private readonly PortBus _bus = new();
    private readonly AcpiPmBlock _block;

    public AcpiPmTests()
    {
        _block = NewBlock();
        _bus.Attach(_block);
    }

    [Theory]
    [InlineData(0, 0u)]
    [InlineData(279, 0u)]
    [InlineData(280, 1u)]
    [InlineData(1_000_000_000, 3_579_545u)]
    [InlineData(1199864031881, 0xFFFF_FFFFu)]
    [InlineData(1199864031882, 0u)]
    public void The_timer_counts_at_3_579545_MHz_exactly(long time, uint expected)
    {
        _clock.Advance(time);
        Assert.Equal(expected, Read(Timer, 4));
        Assert.Equal(expected & 0xFF, Read(Timer, 1));
        Assert.Equal(expected >> 24, Read(Timer + 3, 1));
    }

    [Fact]
    public void A_narrow_timer_has_24_bits()
    {
        var narrow = NewBlock(wideTimer: false);
        _clock.Advance(10_000_000_000);
        Assert.Equal(35_795_450u & 0xFF_FFFF, narrow.ReadPort(new IoPort(Timer), 4));
    }

    [Theory]
    [InlineData(true, 599932015941, 1199864031882)]
    [InlineData(false, 2_343_484_438, 4_686_968_875)]
    public void Each_change_of_the_top_bit_sets_the_carry_status(bool wide, long first, long second)
    {
        var block = NewBlock(wide);
        block.WritePort(new IoPort(EventEnable), 2, 1);
        block.WritePort(new IoPort(Smi), 1, AcpiPmLayout.AcpiEnable);
        _clock.Advance(first - 1);
        Assert.Equal(0u, block.ReadPort(new IoPort(Event), 2) & 1);
        Assert.False(_sci.IsAsserted);
        _clock.Advance(1);
        Assert.Equal(1u, block.ReadPort(new IoPort(Event), 2) & 1);
        Assert.True(_sci.IsAsserted);
        block.WritePort(new IoPort(Event), 2, 1);
        Assert.False(_sci.IsAsserted);
        _clock.Advance(second - first - 1);
        Assert.False(_sci.IsAsserted);
        _clock.Advance(1);
        Assert.True(_sci.IsAsserted);
    }

    [Fact]
    public void The_power_button_raises_the_sci_in_acpi_mode_when_enabled()
    {
        Assert.False(_block.PressPowerButton());
        Write(Event, 2, 0x100);
        Write(Smi, 1, AcpiPmLayout.AcpiEnable);
        Assert.True(_block.IsAcpiMode);
        Assert.Equal(1u, Read(Control, 2));
        Assert.False(_block.PressPowerButton());
        Assert.False(_sci.IsAsserted);

        Write(EventEnable, 2, 0x100);
        Assert.True(_sci.IsAsserted);
        Write(Event, 2, 0x100);
        Assert.False(_sci.IsAsserted);
        Assert.True(_block.PressPowerButton());
        Assert.Equal(0x0100_0100u, Read(Event, 4));

        Write(Smi, 1, AcpiPmLayout.AcpiDisable);
        Assert.False(_sci.IsAsserted);
        Assert.False(_block.IsAcpiMode);
    }

    [Fact]
    public void Other_events_set_their_status()
    {
        _block.Wake();
        _block.RaiseRtcAlarm();
        _block.PressSleepButton();
        Assert.Equal(0x8600u, Read(Event, 2));
        Write(Event + 1, 1, 0x80);
        Assert.Equal(0x0600u, Read(Event, 2));
    }

    [Fact]
    public void General_purpose_events_raise_the_sci_when_enabled()
    {
        Write(Smi, 1, AcpiPmLayout.AcpiEnable);
        _block.RaiseGpe(9);
        Assert.False(_sci.IsAsserted);
        Write(GpeEnable + 1, 1, 0x02);
        Assert.True(_sci.IsAsserted);
        Assert.Equal(0x0200_0200u, Read(Gpe, 4));
        Write(Gpe + 1, 1, 0x02);
        Assert.False(_sci.IsAsserted);
    }

    [Theory]
    [InlineData(Control, 2, 0x2001u, new[] { 0 })]
    [InlineData(Control, 2, 0x3C00u, new[] { 7 })]
    [InlineData(Control, 2, 0x0400u, new int[0])]
    [InlineData(Control + 1, 1, 0x24u, new[] { 1 })]
    [InlineData(Control, 1, 0xFFu, new int[0])]
    public void Setting_sleep_enable_asks_for_the_sleep_type(ushort port, int size, uint value, int[] sleeps)
    {
        Write(port, size, value);
        Assert.Equal(sleeps, _sleeps);
        Assert.Equal(0u, Read(Control, 2) & 0x2004);
    }

    [Fact]
    public void Other_smi_commands_are_passed_on()
    {
        Write(Smi, 1, 0x42);
        Write(Smi + 1, 1, 0x43);
        Assert.Equal([0x42], _commands);
        Assert.Equal(0x42u, Read(Smi, 1));
        Assert.Equal(0x43u, Read(Smi + 1, 1));
    }

    [Theory]
    [InlineData(0x06, ResetKind.Hard)]
    [InlineData(0x04, ResetKind.Soft)]
    [InlineData(0x0E, ResetKind.PowerCycle)]
    [InlineData(0x02, null)]
    [InlineData(0x0A, null)]
    public void The_reset_register_triggers_on_bit_2(byte value, ResetKind? expected)
    {
        ResetKind? seen = null;
        var control = new ResetControl("reset", kind => seen = kind);
        control.WritePort(new IoPort(0xCF9), 1, value);
        Assert.Equal(expected, seen);
        Assert.Equal((uint)(value & 0x0A), control.ReadPort(new IoPort(0xCF9), 1));
        var copy = new ResetControl("reset", _ => { });
        copy.Restore(control.Save());
        Assert.Equal(control.Value, copy.Value);
        control.Reset();
        Assert.Equal(0, control.Value);
    }

    [Fact]
    public void Random_accesses_never_throw_and_the_state_survives() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(
            ArbMap.Default.ArbFor<(byte Where, uint Value, uint Time)[]>(), steps =>
            {
                var block = NewBlock();
                var bus = new PortBus();
                bus.Attach(block);
                foreach (var (where, value, time) in steps)
                {
                    var port = new IoPort((ushort)(where < 4 ? 0xB1 + where : 0x600 + where % 0x24));
                    bus.Write(port, 1 << (int)(value % 3), value);
                    bus.Read(port, 1 << (int)(time % 3));
                    _clock.Advance(time);
                    block.RaiseGpe(where % 16);
                }
                var copy = NewBlock();
                copy.Restore(block.Save());
                Assert.Equal(block.Save().Data.ToString(), copy.Save().Data.ToString());
                block.Reset();
                Assert.Equal(NewBlock().Save().Data.ToString(), block.Save().Data.ToString());
            }));

    private AcpiPmBlock NewBlock(bool wideTimer = true) =>
        new("pm", new AcpiPmWiring(_clock, _sci, _sleeps.Add, _commands.Add), null, wideTimer);

    private uint Read(ushort port, int size) => _bus.Read(new IoPort(port), size);

    private void Write(ushort port, int size, uint value) => _bus.Write(new IoPort(port), size, value);
}
