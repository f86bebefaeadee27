using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.Clock;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Chipset.RealTimeClock;

/// <summary>
/// The PC's MC146818 real-time clock with 128 bytes of CMOS memory: ports 70h (index, NMI mask) and 71h (data), IRQ 8.
/// </summary>
/// <remarks>
/// The clock follows the VM clock's UTC plus what the guest has set. Events are noted in register C when someone looks;
/// a timer runs only for those that would interrupt. A battery keeps memory and time over a reset.
/// </remarks>
public sealed class Mc146818 : StatefulDevice<RealTimeClockState>, IPortDevice
{
    /// <summary>Bytes of CMOS memory.</summary>
    public const int CellCount = 128;

    private const byte UpdateInProgress = 0x80, DividerRuns = 0x20, DividerReset = 0x60, RateMask = 0x0F;
    private const byte Set = 0x80, PeriodicEnable = 0x40, AlarmEnable = 0x20, UpdateEnable = 0x10, SquareWave = 0x08;
    private const byte Binary = 0x04, Hours24 = 0x02;
    private const byte Requested = 0x80, PeriodicFlag = 0x40, AlarmFlag = 0x20, UpdateFlag = 0x10, Flags = 0x70;
    private const byte MemoryValid = 0x80;
    private const long Second = TimeSpan.TicksPerSecond;

    // An update takes 1984 us and is announced 244 us before (MC146818, "Update Cycle"); it ends with the new second.
    private const long UpdateWarning = 22_280;

    private readonly IVmClock _clock;
    private readonly IInterruptLine _line;
    private readonly IVmTimer _timer;
    private readonly byte[] _cells = new byte[CellCount];
    private byte _index;
    private bool _nmiMasked;
    private long _offset;
    private int _weekdayOffset;
    private long _lastSeen;

    /// <summary>Creates the clock, set to the VM clock's UTC.</summary>
    /// <param name="clock">Tells time and date.</param>
    /// <param name="line">IRQ 8.</param>
    /// <param name="cells">The first contents of CMOS memory, at most 128 bytes; those of clock registers are ignored.</param>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    public Mc146818(IVmClock clock, IInterruptLine line, ReadOnlySpan<byte> cells = default, string name = "rtc") : base(name)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(line);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cells.Length, CellCount, nameof(cells));
        _clock = clock;
        _line = line;
        cells.CopyTo(_cells);
        _cells[RtcRegister.A] = DividerRuns | 6;
        _cells[RtcRegister.B] = Hours24;
        _cells[RtcRegister.C] = 0;
        _cells[RtcRegister.D] = MemoryValid;
        _timer = clock.CreateTimer(name, Update);
        _lastSeen = Time;
    }

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> PortRanges { get; } = [new(new IoPort(0x70), 2)];

    /// <summary>Whether port 70h masks non-maskable interrupts.</summary>
    public bool NmiMasked => _nmiMasked;

    /// <inheritdoc/>
    protected override string StateKind => "mc146818";

    /// <inheritdoc/>
    protected override JsonTypeInfo<RealTimeClockState> StateType => RealTimeClockStateJson.Default.RealTimeClockState;

    /// <summary>Changes what firmware finds in a cell, as the board's maker would.</summary>
    /// <param name="cell">Behind the clock's own registers.</param>
    /// <param name="value">The value.</param>
    public void SetCell(int cell, byte value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(cell, RtcRegister.D);
        _cells[cell] = value;
    }

    private byte RegisterA => _cells[RtcRegister.A];

    private byte RegisterB => _cells[RtcRegister.B];

    private RtcFormat Format => new((RegisterB & Binary) != 0, (RegisterB & Hours24) != 0);

    private bool DividerIsReset => (RegisterA & DividerReset) == DividerReset;

    /// <summary>Whether seconds pass: the divider runs and the guest is not setting the time.</summary>
    private bool Ticks => !DividerIsReset && (RegisterB & Set) == 0;

    /// <summary>The guest's time in ticks, in the range of <see cref="DateTime"/>.</summary>
    private long Time => Math.Clamp(_clock.UtcNow.Ticks + _offset, 0, DateTime.MaxValue.Ticks);

    /// <summary>Ticks per periodic event (data sheet, "Periodic Interrupt Rates"), in 1/32768 s; 0 for none.</summary>
    private int Period
    {
        get
        {
            var rate = RegisterA & RateMask;
            return rate == 0 || DividerIsReset ? 0 : rate <= 2 ? 1 << (rate + 6) : 1 << (rate - 1);
        }
    }

    /// <inheritdoc/>
    public uint ReadPort(IoPort port, int size)
    {
        if (port.Value == 0x70)
            return 0xFF;
        switch (_index)
        {
            case RtcRegister.A:
                return (uint)(RegisterA | (Ticks && Time % Second >= Second - UpdateWarning ? UpdateInProgress : 0));
            case RtcRegister.C:
                Update();
                var flags = _cells[RtcRegister.C];
                _cells[RtcRegister.C] = 0;
                Update();
                return flags;
            case var index when Ticks && RtcRegister.IsTime(index):
                ShowTime();
                return _cells[index];
            default:
                return _cells[_index];
        }
    }

    /// <inheritdoc/>
    public void WritePort(IoPort port, int size, uint value)
    {
        if (port.Value == 0x70)
        {
            _index = (byte)(value & 0x7F);
            _nmiMasked = (value & 0x80) != 0;
            return;
        }
        Note();
        WriteRegister(_index, (byte)value);
        Update();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        // The RESET pin leaves time and memory alone (data sheet, "RESET").
        Note();
        _cells[RtcRegister.B] &= unchecked((byte)~(PeriodicEnable | AlarmEnable | UpdateEnable | SquareWave));
        _cells[RtcRegister.C] = 0;
        _index = 0;
        _nmiMasked = false;
        Update();
    }

    /// <inheritdoc/>
    protected override RealTimeClockState Capture()
    {
        Note();
        if (Ticks)
            ShowTime();
        return new RealTimeClockState(_index, _nmiMasked, [.. _cells], _offset, _weekdayOffset, _lastSeen);
    }

    /// <inheritdoc/>
    protected override void Apply(RealTimeClockState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Cells.Length != CellCount)
            throw new SavedStateException($"{Name}: the saved state does not have {CellCount} cells.");
        state.Cells.CopyTo(_cells, 0);
        _cells[RtcRegister.A] &= unchecked((byte)~UpdateInProgress);
        _cells[RtcRegister.C] &= Flags;
        _cells[RtcRegister.D] = MemoryValid;
        _index = (byte)(state.Index & 0x7F);
        _nmiMasked = state.NmiMasked;
        // Leaves the clock a year to run before dates end, as TakeTime does.
        var utc = _clock.UtcNow.Ticks;
        _offset = Math.Clamp(state.Offset, -utc, DateTime.MaxValue.AddYears(-1).Ticks - utc);
        _weekdayOffset = Math.Clamp(state.WeekdayOffset, 0, 6);
        _lastSeen = Math.Clamp(state.LastSeen, 0, DateTime.MaxValue.Ticks);
        Update();
    }

    private void WriteRegister(int index, byte value)
    {
        switch (index)
        {
            case RtcRegister.A:
                WriteA(value);
                break;
            case RtcRegister.B:
                WriteB(value);
                break;
            case RtcRegister.C or RtcRegister.D:
                break;
            case var time when Ticks && RtcRegister.IsTime(time):
                ShowTime();
                _cells[index] = value;
                TakeTime(Time % Second);
                break;
            default:
                _cells[index] = value;
                break;
        }
    }

    private void WriteA(byte value)
    {
        var wasReset = DividerIsReset;
        if (Ticks)
            ShowTime();
        _cells[RtcRegister.A] = (byte)(value & ~UpdateInProgress);
        // The first update comes half a second after the divider is released (data sheet, "Divider Control").
        if (wasReset && !DividerIsReset)
            TakeTime(Second / 2);
    }

    private void WriteB(byte value)
    {
        var fraction = Time % Second;
        var ticked = Ticks;
        if (ticked)
            ShowTime();
        // Setting SET takes UIE back (data sheet, "Register B").
        _cells[RtcRegister.B] = (value & Set) != 0 ? (byte)(value & ~UpdateEnable) : value;
        if (Ticks && !ticked)
            TakeTime(fraction);
    }

    /// <summary>Writes the running time into the time registers.</summary>
    private void ShowTime()
    {
        var now = new DateTime(Time);
        var format = Format;
        _cells[RtcRegister.Seconds] = format.Encode(now.Second);
        _cells[RtcRegister.Minutes] = format.Encode(now.Minute);
        _cells[RtcRegister.Hours] = format.EncodeHour(now.Hour);
        _cells[RtcRegister.Weekday] = format.Encode((((int)now.DayOfWeek + _weekdayOffset) % 7) + 1);
        _cells[RtcRegister.Day] = format.Encode(now.Day);
        _cells[RtcRegister.Month] = format.Encode(now.Month);
        _cells[RtcRegister.Year] = format.Encode(now.Year % 100);
        _cells[RtcRegister.Century] = format.Encode(now.Year / 100);
    }

    /// <summary>Lets time go on from the time registers. What is no date is taken as the nearest one.</summary>
    /// <param name="fraction">Ticks of the present second that have passed.</param>
    private void TakeTime(long fraction)
    {
        var format = Format;
        var year = Math.Clamp((format.Decode(_cells[RtcRegister.Century]) * 100) + format.Decode(_cells[RtcRegister.Year]), 1, 9998);
        var month = Math.Clamp(format.Decode(_cells[RtcRegister.Month]), 1, 12);
        var time = new DateTime(
            year,
            month,
            Math.Clamp(format.Decode(_cells[RtcRegister.Day]), 1, DateTime.DaysInMonth(year, month)),
            Math.Clamp(format.DecodeHour(_cells[RtcRegister.Hours]), 0, 23),
            Math.Clamp(format.Decode(_cells[RtcRegister.Minutes]), 0, 59),
            Math.Clamp(format.Decode(_cells[RtcRegister.Seconds]), 0, 59));
        _weekdayOffset = (format.Decode(_cells[RtcRegister.Weekday]) - 1 - (int)time.DayOfWeek + 14) % 7;
        _offset = time.Ticks + fraction - _clock.UtcNow.Ticks;
        _lastSeen = Time;
    }

    /// <summary>Sets the flags of register C for what has happened since it was last looked at.</summary>
    private void Note()
    {
        var now = Time;
        var then = _lastSeen;
        _lastSeen = now;
        // The wall clock may have gone back: then nothing is known to have happened.
        if (now <= then)
            return;
        byte happened = 0;
        if (Period is var period and not 0 && PeriodsAt(now, period) > PeriodsAt(then, period))
            happened |= PeriodicFlag;
        if (Ticks && now / Second > then / Second)
        {
            happened |= UpdateFlag;
            if (NextAlarm(then / Second) <= now / Second)
                happened |= AlarmFlag;
        }
        _cells[RtcRegister.C] |= happened;
    }

    /// <summary>Notes what happened, drives the line, and waits for the next event that would raise it.</summary>
    private void Update()
    {
        Note();
        // The enable bits of register B stand where their flags stand in register C.
        var requested = (_cells[RtcRegister.C] & RegisterB & Flags) != 0;
        _cells[RtcRegister.C] = (byte)((_cells[RtcRegister.C] & Flags) | (requested ? Requested : 0));
        _line.Set(requested);
        if (!requested && NextEvent() is { } at)
            _timer.Arm(_clock.Now + ((at - Time) * 100));
        else
            _timer.Disarm();
    }

    /// <summary>The guest's time of the next event that is enabled.</summary>
    private long? NextEvent()
    {
        var now = Time;
        long? next = null;
        if ((RegisterB & PeriodicEnable) != 0 && Period is var period and not 0)
            next = TimeOfPeriod(now / Second, (now % Second * 32_768 / (Second * period)) + 1, period);
        if (!Ticks)
            return next;
        var second = now / Second;
        if ((RegisterB & UpdateEnable) != 0)
            next = Math.Min(next ?? long.MaxValue, (second + 1) * Second);
        else if ((RegisterB & AlarmEnable) != 0 && NextAlarm(second) is { } alarm)
            next = Math.Min(next ?? long.MaxValue, alarm * Second);
        return next;
    }

    private long? NextAlarm(long second) =>
        new RtcAlarm(Format, _cells[RtcRegister.HoursAlarm], _cells[RtcRegister.MinutesAlarm], _cells[RtcRegister.SecondsAlarm])
            .Next(second);

    /// <summary>How many periodic events there have been; every period divides the second.</summary>
    private static long PeriodsAt(long time, int period) =>
        (time / Second * (32_768 / period)) + (time % Second * 32_768 / (Second * period));

    private static long TimeOfPeriod(long second, long count, int period) =>
        (second * Second) + (((count * period * Second) + 32_767) / 32_768);
}
