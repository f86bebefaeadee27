using Ringmaster.Devices.State;

namespace Ringmaster.Devices;

/// <summary>
/// What every device can do. What else it offers is told by further interfaces: <see cref="Bus.IPortDevice"/>,
/// <see cref="Bus.IMmioDevice"/>, <see cref="Clock.IVmTimer"/> call-backs, interrupt lines given to its constructor.
/// </summary>
/// <remarks>
/// All members are called with the machine's lock held, by whichever thread has something to tell the device: a vCPU's, the
/// timer thread, a back end's. A device therefore needs no lock of its own and must not block. A device never throws for
/// anything that a guest did.
/// </remarks>
public interface IDevice
{
    /// <summary>Unique within a machine, stable across versions: <c>"uart0"</c>. Saved state is found again by it.</summary>
    string Name { get; }

    /// <summary>What kind of device it is; see <see cref="SavedState.Kind"/>.</summary>
    string Kind { get; }

    /// <summary>Puts the device into its power-on state and takes its interrupt lines down.</summary>
    void Reset();

    /// <summary>Takes a copy of the state that a guest could see or that decides what happens next.</summary>
    SavedState Save();

    /// <summary>Puts the device into a saved state and drives its interrupt lines and timers accordingly.</summary>
    /// <exception cref="SavedStateException">The state is another device's, too new, or malformed. The device is unchanged.</exception>
    void Restore(SavedState state);
}
