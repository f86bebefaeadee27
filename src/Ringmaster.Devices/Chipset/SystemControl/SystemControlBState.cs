namespace Ringmaster.Devices.Chipset.SystemControl;

/// <summary>The saved state of a <see cref="SystemControlB"/>.</summary>
/// <param name="Control">The four bits that software writes.</param>
public sealed record SystemControlBState(byte Control);
