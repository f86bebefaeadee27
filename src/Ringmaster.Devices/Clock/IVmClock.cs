namespace Ringmaster.Devices.Clock;

/// <summary>
/// The one clock of a VM: nanoseconds for which it has run. It stands still while the VM is paused. Everything a guest can
/// see of time, timers and the time-stamp counter included, comes from here.
/// </summary>
public interface IVmClock
{
    /// <summary>Nanoseconds since the VM first ran; never goes back.</summary>
    long Now { get; }

    /// <summary>
    /// The wall-clock time (UTC) that corresponds to <see cref="Now"/>, for devices that tell the date. It advances with
    /// <see cref="Now"/>.
    /// </summary>
    DateTimeOffset UtcNow { get; }

    /// <summary>Another number whenever time goes on after it has stood still.</summary>
    long Epoch { get; }

    /// <summary>Makes a timer, not armed.</summary>
    /// <param name="name">For logs and the debugger.</param>
    /// <param name="expired">Called once per arming, with the machine's lock held, at or after the deadline.</param>
    IVmTimer CreateTimer(string name, Action expired);
}
