using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Ringmaster.Backends.Display;
using Ringmaster.Backends.Tests.Serial;

namespace Ringmaster.Backends.Tests.Display;

public sealed class VncInputTests : IDisposable
{
    private const int ExtendedKeys = -258, PointerMotion = -257;

    private readonly FakeConsole _console = new();
    private readonly VncServer _server = new(new IPEndPoint(IPAddress.Loopback, 0), null, NullLogger.Instance);

    public VncInputTests() => _server.Connect(_console);

    [Theory]
    [InlineData('a', 30)]
    [InlineData('A', 30)]
    [InlineData('1', 2)]
    [InlineData('!', 2)]
    [InlineData('~', 41)]
    [InlineData('|', 43)]
    [InlineData('?', 53)]
    [InlineData(' ', 57)]
    [InlineData(0x0100_0040, 3)] // @ as Unicode
    [InlineData(0xFF0D, 28)] // Return
    [InlineData(0xFF8D, 96)] // Enter of the keypad
    [InlineData(0xFFBE, 59)] // F1
    [InlineData(0xFFC7, 68)] // F10
    [InlineData(0xFFC9, 88)] // F12
    [InlineData(0xFFE1, 42)] // left Shift
    [InlineData(0xFE03, 100)] // AltGr
    [InlineData(0xFFFF, 111)] // Delete
    [InlineData(0xFFB5, 76)] // 5 of the keypad
    [InlineData(0x1008_FF13, 115)] // louder
    public void Symbols_are_keys_of_a_US_keyboard(uint symbol, int key)
    {
        using var client = RfbClient.Start(_server.Address);

        client.SendKey(symbol, isDown: true);
        client.SendKey(symbol, isDown: false);

        Wait.Until(() => _console.Log == $"{key} down; {key} up");
    }

    [Fact]
    public void All_of_ASCII_can_be_typed()
    {
        using var client = RfbClient.Start(_server.Address);
        for (uint symbol = 0x20; symbol < 0x7F; symbol++)
            client.SendKey(symbol, isDown: true);

        Wait.Until(() => _console.Log.Split(';').Length == 0x7F - 0x20);
    }

    [Theory]
    [InlineData(0x1E, 30)]
    [InlineData(0x9D, 97)] // E0h 1Dh: right Ctrl
    [InlineData(0xE048, 103)] // the prefix as a byte
    [InlineData(0x56, 86)]
    [InlineData(0xC6, 119)] // Pause
    [InlineData(0, 44)] // no code: the symbol counts
    public void Codes_say_which_key_whatever_its_symbol(uint code, int key)
    {
        using var client = RfbClient.Start(_server.Address, isShared: true, 0, ExtendedKeys);
        client.Request();
        client.ReadUpdate();
        Assert.Equal([(ExtendedKeys, 0, 0)], client.Told);

        client.SendCode(code, 'z', isDown: true);
        client.SendCode(0x7F, 'q', isDown: true);
        client.SendCode(0x12345, 'q', isDown: true);
        client.SendCode(code, 'z', isDown: false);

        Wait.Until(() => _console.Log == $"{key} down; {key} up");
    }

    [Fact]
    public void What_is_down_when_a_client_goes_comes_up()
    {
        using (var client = RfbClient.Start(_server.Address))
        {
            client.SendKey(0xFFE3, isDown: true);
            client.SendPointer(0, 0, 1);
            Wait.Until(() => _console.Log == "29 down; 0,0 Left 0");
        }

        Wait.Until(() => _console.Log == "29 down; 0,0 Left 0; 29 up; 0,0 None 0");
    }

    [Fact]
    public void A_tablet_gets_positions_buttons_and_turns_of_the_wheel()
    {
        using var client = RfbClient.Start(_server.Address);

        client.SendPointer(0, 0, 0);
        client.SendPointer(199, 99, 1);
        client.SendPointer(5000, 5000, 2 | 4);
        client.SendPointer(0, 0, 8);
        client.SendPointer(0, 0, 0);
        client.SendPointer(0, 0, 16);

        Wait.Until(() => _console.Log ==
            "0,0 None 0; 32767,32767 Left 0; 32767,32767 Right, Middle 0; 0,0 None 1; 0,0 None 0; 0,0 None -1");
    }

    [Fact]
    public void A_mouse_gets_movements()
    {
        _console.PointerIsAbsolute = false;
        using var client = RfbClient.Start(_server.Address);

        client.SendPointer(100, 50, 0);
        client.SendPointer(110, 45, 1);

        Wait.Until(() => _console.Log == "0,0 None 0; 10,-5 Left 0");
    }

    [Fact]
    public void A_client_that_can_send_movements_is_told_when_to()
    {
        _console.PointerIsAbsolute = false;
        using var client = RfbClient.Start(_server.Address, isShared: true, 0, PointerMotion);
        client.Request();
        client.ReadUpdate();
        Assert.Equal([(PointerMotion, 0, 0)], client.Told);

        client.SendPointer(0x7FFF - 3, 0x7FFF + 4, 0);
        Wait.Until(() => _console.Log == "-3,4 None 0");
        _console.PointerIsAbsolute = true;
        client.Request(isIncremental: true);
        client.ReadUpdate();

        Assert.Equal([(PointerMotion, 1, 0)], client.Told);
        Wait.Until(() =>
        {
            client.SendPointer(199, 0, 0);
            return _console.Log.EndsWith("32767,0 None 0", StringComparison.Ordinal);
        });
    }

    public void Dispose() => _server.Dispose();
}
