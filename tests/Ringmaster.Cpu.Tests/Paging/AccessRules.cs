using Ringmaster.Cpu.Paging;

namespace Ringmaster.Cpu.Tests.Paging;

/// <summary>
/// The rules of SDM 3A 4.6.1 as rows, read from the manual's sentences one by one. An access is allowed if a row matches it;
/// <c>.</c> matches anything. It shares nothing with the walk.
/// </summary>
internal static class AccessRules
{
    // who:  S supervisor, I implicit supervisor, U user      kind: R read, W write, X fetch
    // page: U user-mode address, S supervisor-mode address   then bits that are 0 or 1
    private static readonly string[] Allowed =
    [
        // who kind page RW XD  WP NXE SMEP SMAP AC
        "S R S . . . . . . .",
        "I R S . . . . . . .",
        "S R U . . . . . 0 .",
        "I R U . . . . . 0 .",
        "S R U . . . . . 1 1",
        "S W S . . 0 . . . .",
        "I W S . . 0 . . . .",
        "S W U . . 0 . . 0 .",
        "I W U . . 0 . . 0 .",
        "S W U . . 0 . . 1 1",
        "S W S 1 . 1 . . . .",
        "I W S 1 . 1 . . . .",
        "S W U 1 . 1 . . 0 .",
        "I W U 1 . 1 . . 0 .",
        "S W U 1 . 1 . . 1 1",
        "S X S . . . 0 . . .",
        "S X S . 0 . 1 . . .",
        "S X U . . . 0 0 . .",
        "S X U . 0 . 1 0 . .",
        "U R U . . . . . . .",
        "U W U 1 . . . . . .",
        "U X U . . . 0 . . .",
        "U X U . 0 . 1 . . .",
    ];

    public static bool Allows(char who, char kind, bool userPage, bool writable, bool noExecute, bool wp, bool nxe, bool smep, bool smap, bool ac)
    {
        var asked = string.Join(' ', who, kind, userPage ? 'U' : 'S', Bit(writable), Bit(noExecute), Bit(wp), Bit(nxe), Bit(smep), Bit(smap), Bit(ac));
        return Allowed.Any(row => row.Zip(asked).All(pair => pair.First == '.' || pair.First == pair.Second));
    }

    public static PageAccess Access(char who, char kind) =>
        new(kind switch { 'R' => PageAccessKind.Read, 'W' => PageAccessKind.Write, _ => PageAccessKind.Fetch }, who == 'U', who == 'I');

    private static char Bit(bool value) => value ? '1' : '0';
}
