using Ringmaster.Devices.Input;

namespace Ringmaster.Devices.Chipset.KeyboardController;

/// <summary>Keys and what PS/2 keyboards call them.</summary>
/// <remarks>
/// Linux numbers the keys of the first PC keyboards (1 to 88) as scan set 1 does; those that came later have numbers and codes of
/// their own (input-event-codes.h; IBM PS/2 Hardware Interface Technical Reference, "Keyboards"; Microsoft, "Keyboard Scan Code
/// Specification", for the keys of media and power).
/// </remarks>
public static class KeyCodes
{
    private const int LastOfFirst = 83, ExtendedBit = 0x80;

    /// <summary>Pairs of a key and its code in scan set 1; bit 7 stands for the prefix E0h.</summary>
    private static ReadOnlySpan<byte> Later =>
    [
        85, 0x76, 86, 0x56, 87, 0x57, 88, 0x58, 89, 0x73, 90, 0x78, 91, 0x77, 92, 0x79, 93, 0x70, 94, 0x7B, 95, 0x5C,
        96, 0x9C, 97, 0x9D, 98, 0xB5, 99, 0xB7, 100, 0xB8, 102, 0xC7, 103, 0xC8, 104, 0xC9, 105, 0xCB, 106, 0xCD, 107, 0xCF,
        108, 0xD0, 109, 0xD1, 110, 0xD2, 111, 0xD3, 113, 0xA0, 114, 0xAE, 115, 0xB0, 116, 0xDE, 117, 0x59, 119, 0xC6, 121, 0x7E,
        122, 0x72, 123, 0x71, 124, 0x7D, 125, 0xDB, 126, 0xDC, 127, 0xDD, 128, 0xE8, 140, 0xA1, 142, 0xDF, 143, 0xE3, 155, 0xEC,
        156, 0xE6, 157, 0xEB, 158, 0xEA, 159, 0xE9, 163, 0x99, 164, 0xA2, 165, 0x90, 166, 0xA4, 172, 0xB2, 173, 0xE7, 217, 0xE5,
        226, 0xED,
    ];

    /// <summary>Finds what a PS/2 keyboard calls a key.</summary>
    /// <returns>False for a key that it does not have.</returns>
    public static bool TryGetScanCode(Key key, out ScanCode code)
    {
        if (key.Code is > 0 and <= LastOfFirst)
        {
            code = new ScanCode((byte)key.Code);
            return true;
        }
        var pairs = Later;
        for (var i = 0; i < pairs.Length; i += 2)
        {
            if (pairs[i] != key.Code)
                continue;
            code = new ScanCode((byte)(pairs[i + 1] & ~ExtendedBit), (pairs[i + 1] & ExtendedBit) != 0);
            return true;
        }
        code = default;
        return false;
    }

    /// <summary>Finds the key with a code.</summary>
    /// <returns>False for a code that no key has.</returns>
    public static bool TryGetKey(ScanCode code, out Key key)
    {
        if (!code.Extended && code.Code is > 0 and <= LastOfFirst)
        {
            key = new Key(code.Code);
            return true;
        }
        var pairs = Later;
        for (var i = 0; i < pairs.Length; i += 2)
        {
            if (pairs[i + 1] != (code.Code | (code.Extended ? ExtendedBit : 0)) || code.Code >= ExtendedBit)
                continue;
            key = new Key(pairs[i]);
            return true;
        }
        key = default;
        return false;
    }
}
