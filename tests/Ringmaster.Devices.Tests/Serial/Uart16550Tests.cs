using Ringmaster.Devices.Clock;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.Serial;
using Ringmaster.Devices.Tests.Bus;
using Ringmaster.Devices.Tests.Contract;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Serial;

public sealed class Uart16550Tests
{
    private const int Rbr = 0x3F8, Ier = 0x3F9, Iir = 0x3FA, Fcr = 0x3FA, Lcr = 0x3FB, Mcr = 0x3FC, Lsr = 0x3FD, Msr = 0x3FE, Scr = 0x3FF;

    private readonly ManualVmClock _clock = new();
    private readonly RecordingSerialBackend _backend = new(_ => { });
    private readonly InterruptLine _line;
    private readonly Uart16550 _uart;
    private readonly GuestPorts _ports;
    private int _interrupts;

    public Uart16550Tests()
    {
        _line = new InterruptLine(level => _interrupts += level ? 1 : 0);
        _uart = new Uart16550(_clock, _line, _backend, new IoPort(Uart16550.Com1));
        _ports = new GuestPorts(_uart);
    }

    [Fact]
    public void Bytes_written_are_sent_at_once()
    {
        foreach (var value in "ok"u8)
        {
            Assert.Equal(0x60, _ports.In(Lsr));
            _ports.Out(Rbr, value);
        }

        Assert.Equal("ok"u8.ToArray(), _backend.Sent);
    }

    [Fact]
    public void A_driver_finds_a_16550A()
    {
        Assert.Equal(0x01, _ports.In(Iir));
        _ports.Out(Fcr, 0x01);
        Assert.Equal(0xC1, _ports.In(Iir));
        // Not a 16750, which would show bit 5.
        _ports.Out(Fcr, 0x21);
        Assert.Equal(0xC1, _ports.In(Iir));
        _ports.Out(Scr, 0xA5);
        Assert.Equal(0xA5, _ports.In(Scr));
        _ports.Out(Ier, 0xFF);
        Assert.Equal(0x0F, _ports.In(Ier));
        _ports.Out(Mcr, 0xFF);
        Assert.Equal(0x1F, _ports.In(Mcr));
    }

    [Fact]
    public void The_divisor_hides_behind_the_access_bit()
    {
        _ports.Out(Lcr, 0x83);
        _ports.Out(Rbr, 0x34);
        _ports.Out(Ier, 0x12);
        Assert.Equal(0x34, _ports.In(Rbr));
        Assert.Equal(0x12, _ports.In(Ier));

        _ports.Out(Lcr, 0x03);

        Assert.Equal(0, _ports.In(Ier));
        Assert.Empty(_backend.Sent);
    }

    [Fact]
    public void Without_OUT2_nothing_reaches_the_interrupt_line()
    {
        _ports.Out(Ier, 0x02);
        Assert.False(_line.IsAsserted);

        _ports.Out(Mcr, 0x08);

        Assert.True(_line.IsAsserted);
    }

    [Fact]
    public void The_transmitter_interrupt_goes_when_it_is_identified_and_comes_again_after_each_byte()
    {
        _ports.Out(Mcr, 0x08);
        _ports.Out(Ier, 0x02);
        Assert.True(_line.IsAsserted);
        Assert.Equal(0x02, _ports.In(Iir));
        Assert.False(_line.IsAsserted);
        Assert.Equal(0x01, _ports.In(Iir));

        _ports.Out(Rbr, 'x');
        _ports.Out(Rbr, 'y');

        Assert.Equal(3, _interrupts);
        Assert.Equal(0x02, _ports.In(Iir));
    }

    [Theory]
    [InlineData(0x00, 1)]
    [InlineData(0x01, 1)]
    [InlineData(0x41, 4)]
    [InlineData(0x81, 8)]
    [InlineData(0xC1, 14)]
    public void Received_data_interrupts_at_the_trigger_level(int fifoControl, int level)
    {
        EnableReceiver(fifoControl);

        for (var i = 1; i <= level; i++)
        {
            Assert.False(_line.IsAsserted);
            Assert.Equal(1, _uart.Receive([(byte)i]));
        }

        Assert.True(_line.IsAsserted);
        Assert.Equal(0x04, _ports.In(Iir) & 0x0F);
        Assert.Equal(1, _ports.In(Rbr));
        Assert.False(_line.IsAsserted);
    }

    [Fact]
    public void Bytes_below_the_trigger_level_time_out_after_four_characters()
    {
        EnableReceiver(0xC1);
        // 8 data bits, no parity, one stop bit at 115200 baud: ten bits of 8.68 us.
        SetDivisor(1);
        _uart.Receive("ab"u8);

        _clock.Advance(347_000);
        Assert.False(_line.IsAsserted);
        _clock.Advance(1_000);
        Assert.True(_line.IsAsserted);
        Assert.Equal(0xCC, _ports.In(Iir));

        Assert.Equal((byte)'a', _ports.In(Rbr));
        Assert.False(_line.IsAsserted);
        _clock.Advance(348_000);
        Assert.True(_line.IsAsserted);
        Assert.Equal((byte)'b', _ports.In(Rbr));
        _clock.Advance(1_000_000);
        Assert.False(_line.IsAsserted);
    }

    [Theory]
    [InlineData(0x00, 1)]
    [InlineData(0x01, 16)]
    public void What_does_not_fit_is_held_back_until_there_is_room(int fifoControl, int capacity)
    {
        EnableReceiver(fifoControl);
        var bytes = Enumerable.Range(0, 20).Select(i => (byte)i).ToArray();
        var ready = _backend.TimesReady;

        Assert.Equal(capacity, _uart.Receive(bytes));
        Assert.Equal(0, _uart.Receive(bytes.AsSpan(capacity)));
        Assert.Equal(ready, _backend.TimesReady);
        Assert.Equal(0, _ports.In(Rbr));

        Assert.Equal(ready + 1, _backend.TimesReady);
        Assert.Equal(1, _uart.Receive(bytes.AsSpan(capacity)));
        Assert.Equal(0x61, _ports.In(Lsr));
    }

    [Fact]
    public void Interrupts_are_identified_by_priority()
    {
        _ports.Out(Lcr, 0x03);
        _ports.Out(Mcr, 0x18);
        _ports.Out(Ier, 0x0F);
        _ports.Out(Rbr, 'a');
        _ports.Out(Rbr, 'b');

        Assert.Equal(0x06, _ports.In(Iir));
        Assert.Equal(0x63, _ports.In(Lsr));
        Assert.Equal(0x04, _ports.In(Iir));
        Assert.Equal((byte)'b', _ports.In(Rbr));
        Assert.Equal(0x02, _ports.In(Iir));
        Assert.Equal(0x00, _ports.In(Iir));
        Assert.NotEqual(0, _ports.In(Msr) & 0x0F);
        Assert.Equal(0x01, _ports.In(Iir));
        Assert.False(_line.IsAsserted);
    }

    [Fact]
    public void A_full_FIFO_in_loopback_keeps_its_bytes_and_reports_the_overrun_once()
    {
        _ports.Out(Fcr, 0x01);
        _ports.Out(Lcr, 0x03);
        _ports.Out(Mcr, 0x10);
        for (var i = 0; i < 17; i++)
            _ports.Out(Rbr, i);

        Assert.Equal(0x63, _ports.In(Lsr));
        Assert.Equal(0x61, _ports.In(Lsr));
        Assert.Equal(Enumerable.Range(0, 16), Enumerable.Range(0, 16).Select(_ => (int)_ports.In(Rbr)));
        Assert.Empty(_backend.Sent);
    }

    [Fact]
    public void In_loopback_nothing_comes_in_until_it_ends()
    {
        _ports.Out(Mcr, 0x10);
        Assert.Equal(0, _uart.Receive("a"u8));
        Assert.Equal(0, _backend.TimesReady);

        _ports.Out(Mcr, 0x00);

        Assert.Equal(1, _backend.TimesReady);
        Assert.Equal(1, _uart.Receive("a"u8));
    }

    [Theory]
    [InlineData(0x11, 0x20)]
    [InlineData(0x12, 0x10)]
    [InlineData(0x14, 0x40)]
    [InlineData(0x18, 0x80)]
    [InlineData(0x10, 0x00)]
    public void In_loopback_the_modem_lines_are_the_control_outputs(int control, int lines)
    {
        _ports.Out(Mcr, control);

        Assert.Equal(lines, _ports.In(Msr) & 0xF0);
    }

    [Fact]
    public void Changes_of_modem_lines_are_noted_until_read()
    {
        Assert.Equal(0xB0, _ports.In(Msr));
        _ports.Out(Mcr, 0x10);
        Assert.Equal(0x0B, _ports.In(Msr));
        Assert.Equal(0x00, _ports.In(Msr));

        _ports.Out(Mcr, 0x14);
        Assert.Equal(0x40, _ports.In(Msr));
        _ports.Out(Mcr, 0x10);
        Assert.Equal(0x04, _ports.In(Msr));
    }

    [Fact]
    public void A_port_with_nothing_plugged_in_shows_no_modem_and_sends_into_the_void()
    {
        var ports = new GuestPorts(new Uart16550(_clock, _line, null, new IoPort(Uart16550.Com2), "uart1"));

        ports.Out(0x2F8, 'x');

        Assert.Equal(0, ports.In(0x2FE));
        Assert.Equal(0x60, ports.In(0x2FD));
    }

    [Theory]
    [InlineData(0x03)]
    [InlineData(0x00)]
    public void Clearing_or_switching_the_FIFO_drops_what_was_received(int fifoControl)
    {
        EnableReceiver(0x01);
        _uart.Receive("abc"u8);

        _ports.Out(Fcr, fifoControl);

        Assert.Equal(0x60, _ports.In(Lsr));
        Assert.False(_line.IsAsserted);
    }

    private void EnableReceiver(int fifoControl)
    {
        _ports.Out(Fcr, fifoControl);
        _ports.Out(Mcr, 0x0B);
        _ports.Out(Ier, 0x01);
    }

    private void SetDivisor(int divisor)
    {
        _ports.Out(Lcr, 0x80);
        _ports.Out(Rbr, divisor);
        _ports.Out(Ier, 0);
        _ports.Out(Lcr, 0x03);
    }
}
