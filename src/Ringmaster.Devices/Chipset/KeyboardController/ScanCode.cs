namespace Ringmaster.Devices.Chipset.KeyboardController;

/// <summary>A key, named by its code in scan set 1 (XT), as display protocols and hosts name keys.</summary>
/// <param name="Code">The make code, 01h to 7Fh.</param>
/// <param name="Extended">Whether the code is prefixed with E0h.</param>
public readonly record struct ScanCode(byte Code, bool Extended = false)
{
    /// <summary>Print Screen, which sends two codes.</summary>
    public static ScanCode PrintScreen { get; } = new(0x37, true);

    /// <summary>Pause, which sends its release with its press.</summary>
    public static ScanCode Pause { get; } = new(0x46, true);
}
