using Ringmaster.Devices.Chipset.KeyboardController;
using Ringmaster.Devices.Display;
using Ringmaster.Devices.Input;

namespace Ringmaster.Backends.Display;

/// <summary>A client's keys on their way to the guest. Those that are down when the client goes come up again.</summary>
/// <param name="console">The guest's console.</param>
internal sealed class RfbKeyboard(Func<IConsole> console)
{
    private const uint ExtendedBit = 0x80, ExtendedPrefix = 0xE000;

    private readonly HashSet<Key> _down = [];

    /// <summary>A key by the symbol that it makes (RFC 6143, 7.5.4).</summary>
    internal void PressSymbol(uint symbol, bool isDown)
    {
        if (KeySymbols.TryGetKey(symbol, out var key))
            Press(key, isDown);
    }

    /// <summary>
    /// A key by its code in scan set 1 (rfbproto, "QEMU Extended Key Event Message"): a prefix of E0h is the code's bit 7. Clients
    /// that send the prefix as a byte of its own are understood as well. Without a code, the symbol counts.
    /// </summary>
    internal void PressCode(uint code, uint symbol, bool isDown)
    {
        var isExtended = (code & ExtendedBit) != 0 || (code & ~0xFFu) == ExtendedPrefix;
        if (code is > 0 and <= 0xFF or >= ExtendedPrefix and <= ExtendedPrefix + 0xFF
            && KeyCodes.TryGetKey(new ScanCode((byte)(code & 0x7F), isExtended), out var key))
            Press(key, isDown);
        else if (code == 0)
            PressSymbol(symbol, isDown);
    }

    /// <summary>Lets all keys come up.</summary>
    internal void ReleaseAll()
    {
        foreach (var key in _down)
            console().Press(key, isDown: false);
        _down.Clear();
    }

    private void Press(Key key, bool isDown)
    {
        if (isDown)
            _down.Add(key);
        else
            _down.Remove(key);
        console().Press(key, isDown);
    }
}
