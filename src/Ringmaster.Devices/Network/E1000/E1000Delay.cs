using Ringmaster.Devices.Clock;

namespace Ringmaster.Devices.Network.E1000;

/// <summary>
/// Holds an interrupt back until nothing more has happened for a while, or the first has waited long enough (Software Developer's
/// Manual sections 3.2.7.1 and 3.4.3.2).
/// </summary>
internal sealed class E1000Delay
{
    /// <summary>Nanoseconds of the registers' unit.</summary>
    private const long Unit = 1024, Longest = 0xFFFF * Unit;

    private readonly E1000Registers _registers;
    private readonly IVmClock _clock;
    private readonly int _quiet, _absolute;
    private readonly Action _expired;
    private readonly IVmTimer _timer;
    private long? _last;

    /// <summary>Creates it.</summary>
    /// <param name="registers">Where the delays are.</param>
    /// <param name="clock">Measures them.</param>
    /// <param name="quiet">The register of the delay that begins anew each time.</param>
    /// <param name="absolute">The register of the longest delay.</param>
    /// <param name="name">For the timer.</param>
    /// <param name="expired">Interrupts.</param>
    public E1000Delay(E1000Registers registers, IVmClock clock, int quiet, int absolute, string name, Action expired)
    {
        (_registers, _clock, _quiet, _absolute, _expired) = (registers, clock, quiet, absolute, expired);
        _timer = clock.CreateTimer(name, End);
    }

    /// <summary>When it ends at the latest, and when if nothing more happens, in nanoseconds of the clock.</summary>
    public (long? Last, long? Next) Deadlines => (_last, _timer.Deadline);

    /// <summary>Something has happened that is to be told, at once or soon.</summary>
    public void Begin()
    {
        if (_registers[_quiet] == 0)
        {
            End();
            return;
        }
        var next = _clock.Now + _registers[_quiet] * Unit;
        if (_registers[_absolute] != 0)
            _last ??= _clock.Now + _registers[_absolute] * Unit;
        _timer.Arm(Math.Min(next, _last ?? next));
    }

    /// <summary>Ends a delay that is going on.</summary>
    public void Flush()
    {
        if (_timer.Deadline is not null)
            End();
    }

    /// <summary>Whatever has happened, it is being told.</summary>
    public void Cancel()
    {
        _last = null;
        _timer.Disarm();
    }

    public void Apply(long? last, long? next)
    {
        Cancel();
        if (next is not { } deadline)
            return;
        _last = last is { } at ? Math.Clamp(at, _clock.Now, _clock.Now + Longest) : null;
        _timer.Arm(Math.Clamp(deadline, _clock.Now, _clock.Now + Longest));
    }

    private void End()
    {
        Cancel();
        _expired();
    }
}
