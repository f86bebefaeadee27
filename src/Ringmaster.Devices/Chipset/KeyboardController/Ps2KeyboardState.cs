namespace Ringmaster.Devices.Chipset.KeyboardController;

/// <summary>The saved state of a PS/2 keyboard.</summary>
/// <param name="ScanSet">1, 2 or 3.</param>
/// <param name="Scanning">Whether it reports keys.</param>
/// <param name="Leds">The lights: bit 0 scroll lock, 1 num lock, 2 caps lock.</param>
/// <param name="Typematic">Rate and delay, kept but not acted on.</param>
/// <param name="AwaitsParameterOf">A command whose parameter comes next, or 0.</param>
/// <param name="LastSent">The byte that a resend command repeats.</param>
/// <param name="Answers">Answers not yet sent.</param>
/// <param name="Keys">Scan codes not yet sent.</param>
public sealed record Ps2KeyboardState(
    byte ScanSet,
    bool Scanning,
    byte Leds,
    byte Typematic,
    byte AwaitsParameterOf,
    byte LastSent,
    byte[] Answers,
    byte[] Keys);
