namespace Ringmaster.Devices.Chipset.SystemControl;

/// <summary>The saved state of a <see cref="SystemControlA"/>.</summary>
/// <param name="Value">What port 92h reads.</param>
public sealed record SystemControlAState(byte Value);
