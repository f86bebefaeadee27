namespace Ringmaster.Devices.Chipset.SystemControl;

/// <summary>
/// The gate on address line A20, with its two sources as on the PIIX: the keyboard controller's output port and port 92h open
/// it together (either suffices).
/// </summary>
/// <remarks>
/// The machine never wraps addresses at 1 MiB: nothing later than DOS's earliest programs relies on it, and it would cost a
/// mask on every memory access. The gate exists so that software that sets it reads back what it has set. Each source is
/// part of its own device's saved state; this object has none.
/// </remarks>
public sealed class A20Gate
{
    /// <summary>What the keyboard controller drives.</summary>
    public bool KeyboardController { get; set; } = true;

    /// <summary>What port 92h drives.</summary>
    public bool FastGate { get; set; }

    /// <summary>Whether software believes addresses above 1 MiB to be reachable.</summary>
    public bool IsOpen => KeyboardController || FastGate;
}
