namespace Ringmaster.Devices.Chipset.IntervalTimer;

/// <summary>
/// One counter of the 8254 (Intel 231164). It stores when its present cycle began and works out everything else from the time
/// at which it is asked. All times are numbers of input clock pulses.
/// </summary>
/// <param name="gateTied">Whether GATE is high from power-on, as the board ties it for counters 0 and 1.</param>
internal sealed class PitCounter(bool gateTied)
{
    private readonly bool _gateTied = gateTied;
    private int _mode;
    private bool _decimal;
    private int _access = 3;
    private bool _gate = gateTied;
    private bool _output;
    private int _count;
    private int _nextCount;
    private long _origin;
    private long? _frozen;
    private byte? _lowByte;
    private bool _readHigh;
    private ushort? _latchedCount;
    private byte? _latchedStatus;

    private bool IsPeriodic => _mode is 2 or 3;

    /// <summary>Modes 1 and 5 begin a cycle at a rising GATE; the others when a count is written.</summary>
    private bool IsTriggered => _mode is 1 or 5;

    private int Modulus => _decimal ? 10_000 : 65_536;

    /// <summary>How many pulses of a square wave's period OUT is high: one more than low if the count is odd.</summary>
    private static int HighHalf(int count) => (count + 1) / 2;

    public void Reset() => Restore(new PitCounterState(0, false, 3, _gateTied, false, 0, 0, 0, null, null, false, null, null), 0);

    /// <summary>The level of OUT.</summary>
    public bool Output(long now)
    {
        Advance(now);
        return _output;
    }

    /// <summary>The next change of OUT after a time, or null while none is in sight.</summary>
    public PitEdge? NextEdge(long now)
    {
        Advance(now);
        if (_count == 0 || _frozen is not null || (IsPeriodic && !_gate))
            return null;
        var elapsed = now - _origin;
        switch (_mode)
        {
            case 0:
                return elapsed < _count ? new PitEdge(_origin + _count, true) : null;
            case 1:
                if (elapsed < 0)
                    return new PitEdge(_origin, false);
                return elapsed < _count ? new PitEdge(_origin + _count, true) : null;
            case 2:
                return new PitEdge(_origin + _count, true);
            case 3:
                var fall = _origin + HighHalf(_count);
                return now < fall ? new PitEdge(fall, false) : new PitEdge(_origin + _count, true);
            default:
                return elapsed <= _count ? new PitEdge(_origin + _count + 1, true) : null;
        }
    }

    public void SetGate(bool level, long now)
    {
        if (level == _gate)
            return;
        Advance(now);
        _gate = level;
        if (_count == 0 && _nextCount == 0)
            return;
        if (level)
        {
            if (IsPeriodic || IsTriggered)
                Load(now);
            else if (_frozen is { } elapsed)
                Resume(elapsed, now);
        }
        else if (!IsTriggered)
        {
            _frozen ??= now - _origin;
            // A low GATE forces OUT high at once in the periodic modes (231164, "Mode 2", "Mode 3").
            if (IsPeriodic)
                _output = true;
        }
    }

    /// <summary>Takes a control word that selects this counter and is not a latch command.</summary>
    public void Configure(byte control)
    {
        _access = (control >> 4) & 3;
        var mode = (control >> 1) & 7;
        _mode = mode >= 6 ? mode - 4 : mode;
        _decimal = (control & 1) != 0;
        _count = 0;
        _nextCount = 0;
        _frozen = null;
        _lowByte = null;
        _readHigh = false;
        _latchedCount = null;
        _latchedStatus = null;
        _output = _mode != 0;
    }

    public void LatchCount(long now)
    {
        Advance(now);
        _latchedCount ??= Visible(now);
    }

    public void LatchStatus(long now)
    {
        Advance(now);
        _latchedStatus ??= (byte)((_output ? 0x80 : 0) | (HasNullCount(now) ? 0x40 : 0) | (_access << 4) | (_mode << 1) | (_decimal ? 1 : 0));
    }

    public byte Read(long now)
    {
        if (_latchedStatus is { } status)
        {
            _latchedStatus = null;
            return status;
        }
        Advance(now);
        var value = _latchedCount ?? Visible(now);
        var high = _access == 2 || (_access == 3 && _readHigh);
        if (_access == 3)
            _readHigh = !_readHigh;
        if (_access != 3 || high)
            _latchedCount = null;
        return (byte)(high ? value >> 8 : value);
    }

    public void Write(byte value, long now)
    {
        Advance(now);
        switch (_access)
        {
            case 1:
                WriteCount(value, now);
                break;
            case 2:
                WriteCount((ushort)(value << 8), now);
                break;
            default:
                if (_lowByte is { } low)
                {
                    _lowByte = null;
                    WriteCount((ushort)((value << 8) | low), now);
                    break;
                }
                _lowByte = value;
                // In mode 0 the first byte of a new count stops the old one and takes OUT low (231164, "Mode 0").
                if (_mode == 0 && _count != 0)
                {
                    _frozen ??= now - _origin;
                    _output = false;
                }
                break;
        }
    }

    public PitCounterState Capture(long now)
    {
        Advance(now);
        return new PitCounterState(
            (byte)_mode, _decimal, (byte)_access, _gate, _output, _count, _nextCount, _origin, _frozen, _lowByte, _readHigh,
            _latchedCount, _latchedStatus);
    }

    public void Restore(PitCounterState state, long now)
    {
        _mode = Math.Min(state.Mode, (byte)5);
        _decimal = state.Decimal;
        _access = state.Access is 1 or 2 ? state.Access : 3;
        _gate = state.Gate;
        _output = state.Output;
        var least = IsPeriodic ? 2 : 1;
        _count = state.Count <= 0 ? 0 : Math.Clamp(state.Count, least, Modulus);
        _nextCount = state.NextCount <= 0 ? 0 : Math.Clamp(state.NextCount, least, Modulus);
        // A square wave that changed its count early in the VM's life may have begun before time 0, by its count.
        _origin = Math.Clamp(state.Origin, -Modulus, now + 1);
        // Only the inputs and modes that can stop a cycle may leave one stopped.
        _frozen = state.Frozen is { } frozen && _count != 0 && !IsTriggered ? Math.Clamp(frozen, -1, now + 1) : null;
        _lowByte = state.LowByte;
        _readHigh = state.ReadHigh;
        _latchedCount = state.LatchedCount;
        _latchedStatus = state.LatchedStatus;
    }

    private void WriteCount(ushort written, long now)
    {
        var count = _decimal
            ? (((written >> 12) * 1000) + ((written >> 8 & 15) * 100) + ((written >> 4 & 15) * 10) + (written & 15)) % 10_000
            : written;
        if (count == 0)
            count = Modulus;
        // The periodic modes have no period of one pulse (231164, "Minimum Count").
        _nextCount = IsPeriodic ? Math.Max(count, 2) : count;
        // A periodic counter takes a new count at the end of its cycle, a triggered one at its trigger; the others at once.
        if (IsTriggered || (IsPeriodic && _count != 0))
            return;
        if (_mode == 0)
            _output = false;
        Load(now);
        if (!_gate)
            _frozen = -1;
    }

    /// <summary>Begins a cycle: the count reaches the counting element with the next pulse.</summary>
    private void Load(long now)
    {
        if (_nextCount != 0)
            _count = _nextCount;
        _nextCount = 0;
        _origin = now + 1;
        _frozen = null;
    }

    private void Resume(long elapsed, long now)
    {
        // A count written while GATE was low has been loaded by the pulses since; counting needs none for it.
        _origin = now - Math.Max(elapsed, 0);
        _frozen = null;
    }

    /// <summary>Brings the present cycle and OUT up to date.</summary>
    private void Advance(long now)
    {
        if (_count == 0 || _frozen is not null || now < _origin)
            return;
        if (IsPeriodic)
        {
            if (!_gate)
                return;
            AdvancePeriod(now);
        }
        var elapsed = now - _origin;
        if (elapsed < 0)
            return;
        _output = _mode switch
        {
            0 or 1 => elapsed >= _count,
            2 => elapsed != _count - 1,
            3 => elapsed < HighHalf(_count),
            _ => elapsed != _count,
        };
    }

    private void AdvancePeriod(long now)
    {
        if (_nextCount != 0)
        {
            var half = HighHalf(_count);
            var inHighHalf = _mode == 3 && _output;
            var boundary = _origin + (inHighHalf ? half : _count);
            if (now < boundary)
                return;
            _count = _nextCount;
            _nextCount = 0;
            _origin = inHighHalf ? boundary - HighHalf(_count) : boundary;
        }
        _origin += (now - _origin) / _count * _count;
    }

    private bool HasNullCount(long now) => _count == 0 || _nextCount != 0 || (_frozen is null && now < _origin);

    /// <summary>What the counting element shows.</summary>
    private ushort Visible(long now)
    {
        if (_count == 0)
            return 0;
        var elapsed = Math.Max(0, _frozen ?? (now - _origin));
        long value;
        if (_mode == 3)
        {
            // Square waves count down by two, from an even number, in each half.
            var half = HighHalf(_count);
            var step = elapsed % _count;
            value = (_count & ~1) - (2 * (step < half ? step : step - half));
        }
        else
        {
            value = _count - (_mode == 2 ? elapsed % _count : elapsed % Modulus);
        }
        var shown = (int)(((value % Modulus) + Modulus) % Modulus);
        return _decimal
            ? (ushort)((shown / 1000 << 12) | (shown / 100 % 10 << 8) | (shown / 10 % 10 << 4) | (shown % 10))
            : (ushort)shown;
    }
}
