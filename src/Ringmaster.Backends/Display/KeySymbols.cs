using System.Collections.Frozen;
using Ringmaster.Devices.Input;

namespace Ringmaster.Backends.Display;

/// <summary>
/// The keys that make the X window system's symbols on a keyboard with the layout of the US (X11, keysymdef.h and XF86keysym.h).
/// Symbols on the same key lead to the same key: the client sends Shift by itself.
/// </summary>
internal static class KeySymbols
{
    private const uint Unicode = 0x0100_0000, Media = 0x1008_FF00;
    private const ushort Escape = 1, Backspace = 14, Tab = 15, Enter = 28, Space = 57, FirstFunction = 59, KeypadFive = 76;

    // Rows of keys: the first key's number, and the characters without and with Shift.
    private static readonly (ushort First, string Plain, string Shifted)[] s_rows =
    [
        (2, "1234567890-=", "!@#$%^&*()_+"), (16, "qwertyuiop[]", "QWERTYUIOP{}"), (30, "asdfghjkl;'`", "ASDFGHJKL:\"~"),
        (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"), (Space, " ", " "),
    ];

    private static readonly (uint Symbol, ushort Key)[] s_others =
    [
        (0xFF08, Backspace), (0xFF09, Tab), (0xFE20, Tab), (0xFF0A, Enter), (0xFF0D, Enter), (0xFF13, 119), (0xFF14, 70), (0xFF15, 99),
        (0xFF1B, Escape), (0xFF50, 102), (0xFF51, 105), (0xFF52, 103), (0xFF53, 106), (0xFF54, 108), (0xFF55, 104), (0xFF56, 109),
        (0xFF57, 107), (0xFF58, KeypadFive), (0xFF61, 99), (0xFF63, 110), (0xFF67, 127), (0xFF6B, 119), (0xFF7E, 100), (0xFF7F, 69),
        // The keypad, with and without Num Lock.
        (0xFF80, Space), (0xFF89, Tab), (0xFF8D, 96), (0xFF95, 71), (0xFF96, 75), (0xFF97, 72), (0xFF98, 77), (0xFF99, 80), (0xFF9A, 73),
        (0xFF9B, 81), (0xFF9C, 79), (0xFF9D, KeypadFive), (0xFF9E, 82), (0xFF9F, 83), (0xFFAA, 55), (0xFFAB, 78), (0xFFAC, 121),
        (0xFFAD, 74), (0xFFAE, 83), (0xFFAF, 98), (0xFFB0, 82), (0xFFB1, 79), (0xFFB2, 80), (0xFFB3, 81), (0xFFB4, 75),
        (0xFFB5, KeypadFive), (0xFFB6, 77), (0xFFB7, 71), (0xFFB8, 72), (0xFFB9, 73), (0xFFBD, 117),
        // F11, F12, and what changes other keys.
        (0xFFC8, 87), (0xFFC9, 88), (0xFFE1, 42), (0xFFE2, 54), (0xFFE3, 29), (0xFFE4, 97), (0xFFE5, 58), (0xFFE6, 58), (0xFFE7, 125),
        (0xFFE8, 126), (0xFFE9, 56), (0xFFEA, 100), (0xFFEB, 125), (0xFFEC, 126), (0xFE03, 100), (0xFFFF, 111),
        // Media and power.
        (Media + 0x11, 114), (Media + 0x12, 113), (Media + 0x13, 115), (Media + 0x14, 164), (Media + 0x15, 166), (Media + 0x16, 165),
        (Media + 0x17, 163), (Media + 0x18, 172), (Media + 0x19, 155), (Media + 0x1B, 217), (Media + 0x1D, 140), (Media + 0x26, 158),
        (Media + 0x27, 159), (Media + 0x28, 128), (Media + 0x29, 173), (Media + 0x2A, 116), (Media + 0x2B, 143), (Media + 0x2F, 142),
        (Media + 0x30, 156), (Media + 0x32, 226), (Media + 0x33, 157),
    ];

    private static readonly FrozenDictionary<uint, Key> s_keys = Build();

    /// <summary>Finds the key that makes a symbol.</summary>
    /// <returns>False for one that is not on the keyboard.</returns>
    internal static bool TryGetKey(uint symbol, out Key key)
    {
        // Characters of ASCII have their own symbols, but may also be given as Unicode.
        if (symbol is > Unicode and < Unicode + 0x80)
            symbol -= Unicode;
        return s_keys.TryGetValue(symbol, out key);
    }

    private static FrozenDictionary<uint, Key> Build()
    {
        var keys = new Dictionary<uint, Key>();
        foreach (var (first, plain, shifted) in s_rows)
        {
            for (var i = 0; i < plain.Length; i++)
                keys[plain[i]] = keys[shifted[i]] = new Key((ushort)(first + i));
        }
        for (ushort i = 0; i < 10; i++)
            keys[0xFFBEu + i] = new Key((ushort)(FirstFunction + i));
        foreach (var (symbol, key) in s_others)
            keys[symbol] = new Key(key);
        return keys.ToFrozenDictionary();
    }
}
