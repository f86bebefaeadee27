namespace Ringmaster.Devices.Clock;

/// <summary>A one-shot alarm on a VM clock.</summary>
public interface IVmTimer
{
    /// <summary>When it will expire, in the clock's nanoseconds; null while it is not armed.</summary>
    long? Deadline { get; }

    /// <summary>Arms it, replacing an earlier deadline. A deadline that has passed expires at once, but not inside this call.</summary>
    /// <param name="deadline">In nanoseconds of <see cref="IVmClock.Now"/>.</param>
    void Arm(long deadline);

    /// <summary>Takes the deadline back.</summary>
    void Disarm();
}
