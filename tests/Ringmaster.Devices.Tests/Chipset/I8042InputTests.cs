using Ringmaster.Devices.Chipset.KeyboardController;
using Ringmaster.Devices.Chipset.SystemControl;
using Ringmaster.Devices.Input;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.Tests.Bus;

namespace Ringmaster.Devices.Tests.Chipset;

/// <summary>Keys and movements from outside, as the guest's drivers get them.</summary>
public sealed class I8042InputTests
{
    private const int Data = 0x60, Command = 0x64, OutputFull = 0x01;

    private readonly I8042 _controller = new(new InterruptLine(_ => { }), new InterruptLine(_ => { }), new A20Gate(), () => { });
    private readonly GuestPorts _ports;

    public I8042InputTests() => _ports = new GuestPorts(_controller);

    private IKeyboardInput Keyboard => _controller;

    private IPointerInput Pointer => _controller;

    [Theory]
    [InlineData(1, "01", "81")] // Esc
    [InlineData(30, "1E", "9E")] // A
    [InlineData(69, "45", "C5")] // Num Lock
    [InlineData(86, "56", "D6")] // the key beside the left Shift of European keyboards
    [InlineData(88, "58", "D8")] // F12
    [InlineData(96, "E0 1C", "E0 9C")] // Enter of the keypad
    [InlineData(97, "E0 1D", "E0 9D")] // right Ctrl
    [InlineData(99, "E0 2A E0 37", "E0 B7 E0 AA")] // Print Screen
    [InlineData(103, "E0 48", "E0 C8")] // up
    [InlineData(111, "E0 53", "E0 D3")] // Delete
    [InlineData(119, "E1 1D 45 E1 9D C5", "")] // Pause
    [InlineData(127, "E0 5D", "E0 DD")] // Menu
    [InlineData(113, "E0 20", "E0 A0")] // mute
    [InlineData(116, "E0 5E", "E0 DE")] // power
    [InlineData(164, "E0 22", "E0 A2")] // play
    public void Keys_reach_the_guest_by_their_Linux_numbers(int key, string down, string up)
    {
        Keyboard.Press(new Key((ushort)key), isDown: true);
        Assert.Equal(down, ReadAll());

        Keyboard.Press(new Key((ushort)key), isDown: false);

        Assert.Equal(up, ReadAll());
    }

    [Fact]
    public void Every_key_has_a_code_of_its_own_that_leads_back_to_it_and_reaches_the_guest()
    {
        var codes = new HashSet<ScanCode>();
        for (ushort number = 0; number < 768; number++)
        {
            var key = new Key(number);
            if (!KeyCodes.TryGetScanCode(key, out var code))
                continue;
            Assert.True(codes.Add(code), $"{code} is that of several keys");
            Assert.True(KeyCodes.TryGetKey(code, out var back));
            Assert.Equal(key, back);
            Keyboard.Press(key, isDown: true);
            var said = ReadAll();
            if (code != ScanCode.Pause && code != ScanCode.PrintScreen)
                Assert.Equal((code.Extended ? "E0 " : "") + code.Code.ToString("X2"), said);
        }

        // The keyboard of 105 keys, some of Japan, Korea and Brazil, and those of media and power.
        Assert.InRange(codes.Count, 105, 140);
    }

    [Fact]
    public void A_key_that_no_keyboard_has_says_nothing()
    {
        Keyboard.Press(new Key(0), isDown: true);
        Keyboard.Press(new Key(767), isDown: true);

        Assert.Equal("", ReadAll());
        Assert.False(KeyCodes.TryGetKey(new ScanCode(0), out _));
        Assert.False(KeyCodes.TryGetKey(new ScanCode(0x86), out _));
    }

    [Fact]
    public void Movements_down_the_screen_are_towards_the_hand()
    {
        SendMouse(0xF4);

        Pointer.Move(5, 7, PointerButtons.Left, 0);

        Assert.False(Pointer.IsAbsolute);
        Assert.Equal("29 05 F9", ReadAll());
        Pointer.Move(int.MinValue, int.MinValue, PointerButtons.None, int.MinValue);
        Assert.StartsWith("18 01 FF", ReadAll());
    }

    [Fact]
    public void The_wheel_turns_once_the_guest_has_asked_for_it()
    {
        Assert.Equal("FA 00", SendMouse(0xF2));
        SendMouse(0xF4);
        Pointer.Move(0, 0, PointerButtons.None, 1);
        Assert.Equal("", ReadAll());
        foreach (var rate in (int[])[200, 100, 80])
        {
            SendMouse(0xF3);
            SendMouse(rate);
        }
        Assert.Equal("FA 03", SendMouse(0xF2));
        SendMouse(0xF4);

        Pointer.Move(2, 0, PointerButtons.None, 1);
        Pointer.Move(0, 0, PointerButtons.None, -9);

        Assert.Equal("08 02 00 FF 08 00 00 07 08 00 00 02", ReadAll());
        Assert.Equal("FA AA 00", SendMouse(0xFF));
        Assert.Equal("FA 00", SendMouse(0xF2));
    }

    private string SendMouse(int value)
    {
        _ports.Out(Command, 0xD4);
        _ports.Out(Data, value);
        return ReadAll();
    }

    private string ReadAll()
    {
        var bytes = new List<string>();
        while ((_ports.In(Command) & OutputFull) != 0)
            bytes.Add(_ports.In(Data).ToString("X2"));
        return string.Join(' ', bytes);
    }
}
