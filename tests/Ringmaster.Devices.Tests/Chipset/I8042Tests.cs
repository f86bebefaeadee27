using Ringmaster.Devices.Chipset.KeyboardController;
using Ringmaster.Devices.Chipset.SystemControl;
using Ringmaster.Devices.Input;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.Tests.Bus;

namespace Ringmaster.Devices.Tests.Chipset;

public sealed class I8042Tests
{
    private const int Data = 0x60, Command = 0x64;
    private const int OutputFull = 0x01, MouseOutput = 0x20;

    private readonly A20Gate _gate = new();
    private readonly InterruptLine _mouseLine = new(_ => { });
    private readonly InterruptLine _keyboardLine;
    private readonly I8042 _controller;
    private readonly GuestPorts _ports;
    private int _keyboardInterrupts;
    private int _resets;

    public I8042Tests()
    {
        _keyboardLine = new InterruptLine(level => _keyboardInterrupts += level ? 1 : 0);
        _controller = new I8042(_keyboardLine, _mouseLine, _gate, () => _resets++);
        _ports = new GuestPorts(_controller);
    }

    [Theory]
    [InlineData(0x20, 0x65)]
    [InlineData(0xA4, 0xF1)]
    [InlineData(0xA9, 0x00)]
    [InlineData(0xAA, 0x55)]
    [InlineData(0xAB, 0x00)]
    [InlineData(0xC0, 0x80)]
    [InlineData(0xD0, 0xC3)]
    public void The_controller_answers_its_commands(int command, int answer)
    {
        _ports.Out(Command, command);

        Assert.Equal([answer], ReadAll());
    }

    [Fact]
    public void The_command_byte_and_the_memory_behind_it_can_be_written()
    {
        WithParameter(0x60, 0x47);
        WithParameter(0x7F, 0x99);
        _ports.Out(Command, 0x20);
        Assert.Equal([0x47], ReadAll());
        _ports.Out(Command, 0x3F);
        Assert.Equal([0x99], ReadAll());
    }

    [Theory]
    [InlineData(0xA7, 0x20, 0x20)]
    [InlineData(0xA8, 0x20, 0x00)]
    [InlineData(0xAD, 0x10, 0x10)]
    [InlineData(0xAE, 0x10, 0x00)]
    public void Interfaces_are_turned_off_and_on_in_the_command_byte(int command, int bit, int expected)
    {
        _ports.Out(Command, command);
        _ports.Out(Command, 0x20);

        Assert.Equal(expected, ReadAll()[0] & bit);
    }

    [Fact]
    public void Loop_commands_return_their_parameter_on_the_side_they_name()
    {
        WithParameter(0xD3, 0x5A);
        Assert.Equal(OutputFull | MouseOutput, _ports.In(Command) & (OutputFull | MouseOutput));
        Assert.Equal(0x5A, _ports.In(Data));

        WithParameter(0xD2, 0xA5);
        Assert.Equal(OutputFull, _ports.In(Command) & (OutputFull | MouseOutput));
        Assert.Equal(0xA5, _ports.In(Data));
    }

    [Fact]
    public void A_mouse_byte_interrupts_on_IRQ_12_if_enabled()
    {
        WithParameter(0xD3, 0x5A);
        Assert.False(_mouseLine.IsAsserted);

        WithParameter(0x60, 0x47);

        Assert.True(_mouseLine.IsAsserted);
        _ports.In(Data);
        Assert.False(_mouseLine.IsAsserted);
    }

    [Theory]
    [InlineData(0xFE, true)]
    [InlineData(0xF0, true)]
    [InlineData(0xFF, false)]
    [InlineData(0xF1, false)]
    public void Pulsing_the_lowest_output_bit_resets(int command, bool resets)
    {
        _ports.Out(Command, command);

        Assert.Equal(resets ? 1 : 0, _resets);
    }

    [Fact]
    public void The_output_port_drives_A20_and_reset()
    {
        WithParameter(0xD1, 0xDD);
        Assert.False(_gate.IsOpen);
        WithParameter(0xD1, 0xDF);
        Assert.True(_gate.IsOpen);
        _ports.Out(Command, 0xDD);
        Assert.False(_gate.IsOpen);
        _ports.Out(Command, 0xDF);
        Assert.True(_gate.IsOpen);
        Assert.Equal(0, _resets);

        WithParameter(0xD1, 0xDE);

        Assert.Equal(1, _resets);
    }

    [Fact]
    public void Each_byte_of_a_key_makes_its_own_interrupt()
    {
        _controller.PressKey(new ScanCode(0x1D, Extended: true));
        Assert.Equal(1, _keyboardInterrupts);
        Assert.Equal(0xE0, _ports.In(Data));
        Assert.Equal(2, _keyboardInterrupts);
        Assert.Equal(0x1D, _ports.In(Data));

        Assert.False(_keyboardLine.IsAsserted);
        Assert.Equal(0, _ports.In(Command) & OutputFull);
    }

    [Theory]
    [InlineData(0x1E, false, new[] { 0x1E }, new[] { 0x9E })]
    [InlineData(0x01, false, new[] { 0x01 }, new[] { 0x81 })]
    [InlineData(0x41, false, new[] { 0x41 }, new[] { 0xC1 })]
    [InlineData(0x54, false, new[] { 0x54 }, new[] { 0xD4 })]
    [InlineData(0x48, true, new[] { 0xE0, 0x48 }, new[] { 0xE0, 0xC8 })]
    [InlineData(0x37, true, new[] { 0xE0, 0x2A, 0xE0, 0x37 }, new[] { 0xE0, 0xB7, 0xE0, 0xAA })]
    [InlineData(0x46, true, new[] { 0xE1, 0x1D, 0x45, 0xE1, 0x9D, 0xC5 }, new int[0])]
    public void Keys_are_translated_to_scan_set_1(byte code, bool extended, int[] make, int[] broken)
    {
        _controller.PressKey(new ScanCode(code, extended));
        Assert.Equal(make, ReadAll());

        _controller.ReleaseKey(new ScanCode(code, extended));
        Assert.Equal(broken, ReadAll());
    }

    [Fact]
    public void Every_key_of_scan_set_1_survives_the_way_through_set_2()
    {
        for (byte code = 1; code <= 0x58; code++)
        {
            // 55h is no key of any keyboard.
            if (code == 0x55)
                continue;
            _controller.PressKey(new ScanCode(code));
            _controller.ReleaseKey(new ScanCode(code));
            Assert.Equal([code, code | 0x80], ReadAll());
        }
    }

    [Theory]
    [InlineData(2, 0x1E, false, new[] { 0x1C, 0xF0, 0x1C })]
    [InlineData(2, 0x1D, true, new[] { 0xE0, 0x14, 0xE0, 0xF0, 0x14 })]
    [InlineData(1, 0x1E, false, new[] { 0x1E, 0x9E })]
    [InlineData(3, 0x1D, false, new[] { 0x11, 0xF0, 0x11 })]
    [InlineData(3, 0x48, true, new[] { 0x63, 0xF0, 0x63 })]
    public void Without_translation_keys_come_in_the_chosen_scan_set(int set, byte code, bool extended, int[] expected)
    {
        WithParameter(0x60, 0x25);
        Send(0xF0, 0xFA);
        Send(set, 0xFA);

        _controller.PressKey(new ScanCode(code, extended));
        _controller.ReleaseKey(new ScanCode(code, extended));

        Assert.Equal(expected, ReadAll());
        Send(0xF0, 0xFA);
        Send(0, 0xFA, set);
    }

    [Fact]
    public void The_keyboard_answers_its_commands()
    {
        Send(0xFF, 0xFA, 0xAA);
        Send(0xF5, 0xFA);
        Send(0xF2, 0xFA, 0xAB, 0x41);
        Send(0xED, 0xFA);
        Send(0x02, 0xFA);
        Assert.Equal(2, _controller.KeyboardLeds);
        Send(0xF3, 0xFA);
        Send(0x00, 0xFA);
        Send(0xEE, 0xEE);
        Send(0xFE, 0xEE);
        Send(0xF6, 0xFA);
        Send(0xF4, 0xFA);
        Send(0x12, 0xFE);
    }

    [Fact]
    public void A_keyboard_told_to_be_silent_reports_no_keys()
    {
        Send(0xF5, 0xFA);
        _controller.PressKey(new ScanCode(0x1E));
        Assert.Empty(ReadAll());

        Send(0xF4, 0xFA);
        _controller.PressKey(new ScanCode(0x1E));

        Assert.Equal([0x1E], ReadAll());
    }

    [Fact]
    public void Keys_wait_while_the_keyboard_interface_is_off()
    {
        _ports.Out(Command, 0xAD);
        _controller.PressKey(new ScanCode(0x1E));
        Assert.Equal(0, _ports.In(Command) & OutputFull);

        _ports.Out(Command, 0xAE);

        Assert.Equal([0x1E], ReadAll());
    }

    [Fact]
    public void Too_many_keys_end_in_an_overrun_code_and_not_in_half_a_key()
    {
        for (var i = 0; i < 100; i++)
            _controller.PressKey(new ScanCode(0x48, Extended: true));

        var codes = ReadAll();

        Assert.Equal(0xFF, codes[^1]);
        Assert.All(codes[..^1].Chunk(2), pair => Assert.Equal([0xE0, 0x48], pair));
        _controller.PressKey(new ScanCode(0x1E));
        Assert.Equal([0x1E], ReadAll());
    }

    [Fact]
    public void The_mouse_answers_its_commands()
    {
        SendMouse(0xFF, 0xFA, 0xAA, 0x00);
        SendMouse(0xF2, 0xFA, 0x00);
        SendMouse(0xE8, 0xFA);
        SendMouse(0x03, 0xFA);
        SendMouse(0xF3, 0xFA);
        SendMouse(60, 0xFA);
        SendMouse(0xE7, 0xFA);
        SendMouse(0xF4, 0xFA);
        SendMouse(0xE9, 0xFA, 0x30, 0x03, 60);
        SendMouse(0xF6, 0xFA);
        SendMouse(0xE9, 0xFA, 0x00, 0x02, 100);
        SendMouse(0xEE, 0xFA);
        SendMouse(0x33, 0x33);
        SendMouse(0xEC, 0xFA);
        SendMouse(0x33, 0xFE);
    }

    [Fact]
    public void A_reporting_mouse_sends_packets_with_all_movement()
    {
        SendMouse(0xF4, 0xFA);

        _controller.MoveMouse(300, -5, PointerButtons.Left);

        Assert.Equal([0x08 | 0x20 | 1, 255, 0xFB, 0x08 | 1, 45, 0], ReadAll());
    }

    [Fact]
    public void A_mouse_in_remote_mode_reports_when_asked()
    {
        SendMouse(0xF0, 0xFA);
        _controller.MoveMouse(7, 3, PointerButtons.Middle);
        Assert.Empty(ReadAll());

        SendMouse(0xEB, 0xFA, 0x0C, 7, 3);
    }

    [Fact]
    public void A_mouse_that_nobody_reads_keeps_its_movement()
    {
        SendMouse(0xF4, 0xFA);
        for (var i = 0; i < 100; i++)
            _controller.MoveMouse(1, 0, PointerButtons.None);

        var moved = ReadAll().Chunk(3).Sum(packet => packet[1]);

        Assert.Equal(100, moved);
    }

    [Fact]
    public void Port_92h_opens_A20_beside_the_controller_and_resets_once()
    {
        var resets = 0;
        var ports = new GuestPorts(new SystemControlA(_gate, () => resets++));
        _ports.Out(Command, 0xDD);

        ports.Out(0x92, 0x02);
        Assert.True(_gate.IsOpen);
        Assert.Equal(0x02, ports.In(0x92));
        ports.Out(0x92, 0x03);
        ports.Out(0x92, 0x03);
        Assert.Equal(1, resets);
        ports.Out(0x92, 0x00);

        Assert.False(_gate.IsOpen);
    }

    private void WithParameter(int command, int parameter)
    {
        _ports.Out(Command, command);
        _ports.Out(Data, parameter);
    }

    private void Send(int value, params int[] answer)
    {
        _ports.Out(Data, value);
        Assert.Equal(answer, ReadAll());
    }

    private void SendMouse(int value, params int[] answer)
    {
        WithParameter(0xD4, value);
        Assert.Equal(MouseOutput, _ports.In(Command) & MouseOutput);
        Assert.Equal(answer, ReadAll());
    }

    private int[] ReadAll()
    {
        var bytes = new List<int>();
        while ((_ports.In(Command) & OutputFull) != 0)
            bytes.Add(_ports.In(Data));
        return [.. bytes];
    }
}
