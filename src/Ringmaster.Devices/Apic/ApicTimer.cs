using Ringmaster.Devices.Clock;

namespace Ringmaster.Devices.Apic;

/// <summary>
/// The local APIC's timer (SDM 3A 11.5.4). Its input runs at <see cref="LocalApic.TimerFrequency"/>, 1 GHz, so that a tick
/// before division is one nanosecond of the VM clock and counts are exact.
/// </summary>
/// <remarks>
/// The count is never stepped: it is computed from the time at which it started. While its LVT entry is masked a counting
/// timer needs no alarm at all.
/// </remarks>
internal sealed class ApicTimer
{
    /// <summary>
    /// Nanoseconds between two expiries in periodic mode, at least. A guest may ask for one every nanosecond; it gets the
    /// count it asked for, but interrupts only this often, so that it cannot keep the timer thread busy for ever.
    /// </summary>
    public const long ShortestPeriod = 10_000;

    private readonly IVmClock _clock;
    private readonly ITscClock _tsc;
    private readonly Action _expired;
    private readonly IVmTimer _alarm;
    private ApicTimerMode _mode;
    private bool _masked = true;
    private uint _divideConfiguration;
    private bool _running;
    private long _start;

    /// <param name="expired">Called when the count or the deadline is reached and the LVT entry is not masked.</param>
    public ApicTimer(string name, IVmClock clock, ITscClock tsc, Action expired)
    {
        _clock = clock;
        _tsc = tsc;
        _expired = expired;
        _alarm = clock.CreateTimer(name, Expire);
    }

    public uint InitialCount { get; private set; }

    /// <summary>IA32_TSC_DEADLINE as software reads it: 0 when not armed.</summary>
    public ulong TscDeadline { get; private set; }

    public uint DivideConfiguration => _divideConfiguration;

    public uint CurrentCount => _running ? CountAfter(_clock.Now - _start, InitialCount, _divideConfiguration, _mode) : 0;

    private uint Divisor => DivisorOf(_divideConfiguration);

    private long Period => InitialCount * (long)Divisor;

    /// <summary>What is left of a count some nanoseconds after its start.</summary>
    internal static uint CountAfter(long elapsed, uint initial, uint divideConfiguration, ApicTimerMode mode)
    {
        var ticks = (ulong)elapsed / DivisorOf(divideConfiguration);
        if (mode == ApicTimerMode.Periodic)
            return initial - (uint)(ticks % initial);
        return ticks >= initial ? 0 : initial - (uint)ticks;
    }

    // SDM 3A figure 11-10: bits 3, 1 and 0 select a power of two; 111b means no division.
    internal static uint DivisorOf(uint configuration)
    {
        var selector = (configuration & 3) | ((configuration >> 1) & 4);
        return selector == 7 ? 1u : 2u << (int)selector;
    }

    public void Reset()
    {
        _alarm.Disarm();
        _mode = ApicTimerMode.OneShot;
        _masked = true;
        _divideConfiguration = 0;
        _running = false;
        _start = 0;
        InitialCount = 0;
        TscDeadline = 0;
    }

    /// <summary>Takes on the LVT entry.</summary>
    public void Configure(LvtEntry entry)
    {
        RunOverdue();
        var mode = entry.TimerMode;
        if (mode != _mode)
        {
            // SDM 3A 11.5.4.1: a switch to or from TSC-deadline mode disarms the timer.
            if (mode >= ApicTimerMode.TscDeadline || _mode >= ApicTimerMode.TscDeadline)
            {
                _running = false;
                InitialCount = 0;
                TscDeadline = 0;
            }
            else if (_running && _mode == ApicTimerMode.Periodic)
            {
                _start += (_clock.Now - _start) / Period * Period;
            }
            else if (CurrentCount == 0)
            {
                _running = false;
            }
        }
        else if (_masked && _mode == ApicTimerMode.OneShot && CurrentCount == 0)
        {
            _running = false;
        }
        _mode = mode;
        _masked = entry.IsMasked;
        SetAlarm();
    }

    /// <summary>Writes the initial count, which starts the count; 0 stops it.</summary>
    public void Start(uint count)
    {
        RunOverdue();
        if (_mode >= ApicTimerMode.TscDeadline)
            return;
        InitialCount = count;
        _running = count != 0;
        _start = _clock.Now;
        SetAlarm();
    }

    /// <summary>Writes the divide configuration; a count in progress goes on from where it is at the new rate.</summary>
    public void Divide(uint configuration)
    {
        RunOverdue();
        var remaining = CurrentCount;
        _divideConfiguration = configuration & 0xB;
        if (_running && remaining == 0)
            _running = false;
        if (_running)
            _start = _clock.Now - (InitialCount - remaining) * (long)Divisor;
        SetAlarm();
    }

    /// <summary>Writes IA32_TSC_DEADLINE; ignored outside TSC-deadline mode.</summary>
    public void SetDeadline(ulong tsc)
    {
        RunOverdue();
        if (_mode != ApicTimerMode.TscDeadline)
            return;
        TscDeadline = tsc;
        SetAlarm();
    }

    /// <summary>The TSC has jumped.</summary>
    public void TscChanged()
    {
        if (_mode == ApicTimerMode.TscDeadline)
            SetAlarm();
    }

    /// <summary>Someone else goes on with the timer. What is due happens here before.</summary>
    public void Lend()
    {
        RunOverdue();
        _alarm.Disarm();
    }

    public ApicTimerState Save() => new(InitialCount, _divideConfiguration, _running, _start, TscDeadline, _alarm.Deadline);

    public void Restore(ApicTimerState state, LvtEntry entry)
    {
        // Far enough back for the longest count there is: 2^32 * 128 ns.
        const long earliest = -(1L << 40);
        _mode = entry.TimerMode;
        _masked = entry.IsMasked;
        _divideConfiguration = state.DivideConfiguration & 0xB;
        var counts = _mode < ApicTimerMode.TscDeadline;
        InitialCount = counts ? state.InitialCount : 0;
        _running = state.IsRunning && InitialCount != 0;
        _start = Math.Clamp(state.Start, earliest, Math.Max(earliest, _clock.Now));
        TscDeadline = _mode == ApicTimerMode.TscDeadline ? state.TscDeadline : 0;
        SetAlarm();
        // An expiry that was due when the state was saved, or that periodic mode's limit has put off, is due now.
        if (_alarm.Deadline is not null && state.Alarm is { } alarm)
            _alarm.Arm(alarm);
    }

    private void SetAlarm()
    {
        _alarm.Disarm();
        if (_mode == ApicTimerMode.TscDeadline)
        {
            if (TscDeadline != 0 && _tsc.DeadlineOf(TscDeadline) is var due && due != long.MaxValue)
                _alarm.Arm(due);
        }
        else if (_running && !_masked)
        {
            var elapsed = _mode == ApicTimerMode.Periodic ? (_clock.Now - _start) / Period * Period : 0;
            _alarm.Arm(_start + elapsed + Period);
        }
    }

    /// <summary>Before anything changes: an expiry whose time has come, but whose alarm has not rung yet, happens first.</summary>
    private void RunOverdue()
    {
        if (_alarm.Deadline <= _clock.Now)
            Expire();
    }

    private void Expire()
    {
        var now = _clock.Now;
        _alarm.Disarm();
        switch (_mode)
        {
            case ApicTimerMode.TscDeadline:
                if (TscDeadline == 0)
                    return;
                if (_tsc.TscAt(now) < TscDeadline)
                {
                    if (_tsc.DeadlineOf(TscDeadline) is var due && due != long.MaxValue)
                        _alarm.Arm(Math.Max(due, now + 1));
                    return;
                }
                TscDeadline = 0;
                break;
            case ApicTimerMode.Periodic when _running:
                SetAlarm();
                if (_alarm.Deadline < now + ShortestPeriod)
                    _alarm.Arm(now + ShortestPeriod);
                break;
            case ApicTimerMode.OneShot when _running:
                _running = false;
                break;
            default:
                return;
        }
        if (!_masked)
            _expired();
    }
}
