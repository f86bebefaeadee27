namespace Ringmaster.Devices.Chipset.KeyboardController;

/// <summary>The saved state of a PS/2 mouse.</summary>
/// <param name="Reporting">Whether it reports movement in stream mode.</param>
/// <param name="Remote">Remote mode: it reports when asked.</param>
/// <param name="Wrap">Wrap mode: it sends back what it receives.</param>
/// <param name="ScaleByTwo">2:1 scaling.</param>
/// <param name="Resolution">0 to 3 for 1, 2, 4 or 8 counts per millimetre.</param>
/// <param name="SampleRate">Reports per second, kept but not acted on.</param>
/// <param name="Buttons">Buttons now pressed.</param>
/// <param name="ReportedButtons">Buttons as last reported.</param>
/// <param name="MovedX">Movement to the right not yet reported.</param>
/// <param name="MovedY">Movement upwards not yet reported.</param>
/// <param name="Turned">Notches of the wheel, away from the hand, not yet reported.</param>
/// <param name="Identity">0, or 3 once it reports the wheel.</param>
/// <param name="LastRates">The last three sample rates asked for, the latest in the low byte.</param>
/// <param name="AwaitsParameterOf">A command whose parameter comes next, or 0.</param>
/// <param name="LastSent">The byte that a resend command repeats.</param>
/// <param name="Output">Bytes not yet sent.</param>
public sealed record Ps2MouseState(
    bool Reporting,
    bool Remote,
    bool Wrap,
    bool ScaleByTwo,
    byte Resolution,
    byte SampleRate,
    byte Buttons,
    byte ReportedButtons,
    int MovedX,
    int MovedY,
    int Turned,
    byte Identity,
    int LastRates,
    byte AwaitsParameterOf,
    byte LastSent,
    byte[] Output);
