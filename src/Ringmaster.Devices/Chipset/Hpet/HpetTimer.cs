using Ringmaster.Devices.Clock;
using Ringmaster.Devices.Interrupts;

namespace Ringmaster.Devices.Chipset.Hpet;

/// <summary>One of an HPET's timers: a comparator with its interrupt (IA-PC HPET 1.0a 2.3.8 to 2.3.10).</summary>
internal sealed class HpetTimer
{
    /// <summary>
    /// Nanoseconds between two interrupts of a periodic timer, at least: a guest may choose a period of one tick, but must
    /// not keep the timer thread busy for ever. Matches in between are merged.
    /// </summary>
    public const long ShortestPeriod = 10_000;

    // Further than any VM runs; keeps tick arithmetic inside 64 bits.
    private const ulong Never = 1UL << 58;

    private readonly HpetDevice _hpet;
    private readonly int _index;
    private readonly uint _routes;
    private readonly bool _hasMessages;
    private readonly IVmTimer _alarm;
    private readonly IInterruptLine?[] _lines = new IInterruptLine?[32];
    private IInterruptLine? _driven;

    /// <summary>Whether an edge on the wire of PIT or RTC has left it up.</summary>
    private bool _holdsEdge;

    public HpetTimer(HpetDevice hpet, int index, uint routes, HpetWiring wiring)
    {
        _hpet = hpet;
        _index = index;
        _routes = routes;
        _hasMessages = wiring.DeliverMsi is not null;
        _alarm = wiring.Clock.CreateTimer($"{hpet.Name}.{index}", Match);
        for (var gsi = 0; gsi < 32; gsi++)
            _lines[gsi] = (routes & (1u << gsi)) != 0 ? wiring.ConnectGsi(gsi) : null;
        Reset();
    }

    public HpetTimerConfiguration Configuration { get; private set; }

    /// <summary>The comparator as software reads it.</summary>
    public ulong Comparator { get; private set; }

    /// <summary>The FSB interrupt route register: data in the low half, address in the high one.</summary>
    public ulong Message { get; private set; }

    /// <summary>The whole configuration and capability register.</summary>
    public ulong Register => ((ulong)_routes << 32) | Configuration.Value | HpetTimerConfiguration.Capabilities
        | (_hasMessages ? HpetTimerConfiguration.MessageCapability : 0);

    private ulong Period { get; set; }

    private ulong Mask => Configuration.Is32Bit ? uint.MaxValue : ulong.MaxValue;

    public void Reset()
    {
        _alarm.Disarm();
        Configuration = default;
        Comparator = ulong.MaxValue;
        Period = 0;
        Message = 0;
        _holdsEdge = false;
        Drive(null);
    }

    public void WriteConfiguration(uint value)
    {
        var next = new HpetTimerConfiguration(Legal(value));
        // A route that the timer does not have is not taken, which software sees by reading back.
        if (next.Route != 0 && (_routes & (1u << next.Route)) == 0)
            next = new HpetTimerConfiguration(
                (next.Value & ~HpetTimerConfiguration.RouteMask) | (Configuration.Value & HpetTimerConfiguration.RouteMask));
        Configuration = next;
        Comparator &= Mask;
        Period &= Mask;
        if (!next.IsLevel)
            _hpet.SetStatus(_index, false);
        Schedule();
        UpdateLine();
    }

    /// <summary>Writes some bits of the comparator.</summary>
    public void WriteComparator(ulong value, ulong written)
    {
        written &= Mask;
        // Tn_VAL_SET_CNF lets a periodic timer's accumulator be written; otherwise only its period is.
        if (!Configuration.IsPeriodic || Configuration.SetsValue)
            Comparator = (Comparator & ~written) | (value & written);
        if (Configuration.IsPeriodic)
            Period = (Period & ~written) | (value & written);
        Configuration = new HpetTimerConfiguration(Configuration.Value & ~HpetTimerConfiguration.SetValueBit);
        Schedule();
    }

    public void WriteMessage(ulong value, ulong written)
    {
        if (_hasMessages)
            Message = (Message & ~written) | (value & written);
    }

    /// <summary>Finds the next match anew: the counter, its enable bit or the comparator has changed.</summary>
    public void Schedule()
    {
        _alarm.Disarm();
        if (_hpet.IsEnabled)
            Arm((Comparator - _hpet.Counter) & Mask, _hpet.Now);
    }

    /// <summary>Drives the wire that the configuration selects.</summary>
    public void UpdateLine()
    {
        var asserts = _hpet.IsEnabled && Configuration is { IsLevel: true, IsInterruptEnabled: true, UsesMessage: false }
            && _hpet.HasStatus(_index);
        _holdsEdge &= !Configuration.IsLevel && ReferenceEquals(_driven, _hpet.LegacyLine(_index));
        Drive(asserts ? SelectedLine : _holdsEdge ? _driven : null);
    }

    public HpetTimerState Save() => new(Configuration.Value, Comparator, Period, Message, _alarm.Deadline, _holdsEdge);

    public void Restore(HpetTimerState state)
    {
        var configuration = new HpetTimerConfiguration(Legal(state.Configuration));
        var hasRoute = (_routes & (1u << configuration.Route)) != 0;
        Configuration = hasRoute ? configuration : new(configuration.Value & ~HpetTimerConfiguration.RouteMask);
        Comparator = state.Comparator & Mask;
        Period = state.Period & Mask;
        Message = _hasMessages ? state.Message : 0;
        _alarm.Disarm();
        if (_hpet.IsEnabled && state.Alarm is { } alarm)
            _alarm.Arm(alarm);
        var held = state.HoldsEdge ? _hpet.LegacyLine(_index) : null;
        _holdsEdge = held is not null;
        Drive(held);
        UpdateLine();
    }

    private IInterruptLine? SelectedLine => _hpet.LegacyLine(_index) ?? _lines[Configuration.Route];

    private uint Legal(uint value) =>
        value & (HpetTimerConfiguration.Writable | (_hasMessages ? HpetTimerConfiguration.MessageBit : 0));

    private void Arm(ulong ticks, long earliest)
    {
        if (ticks < Never)
            _alarm.Arm(Math.Max(earliest, _hpet.TimeAfter(ticks)));
    }

    private void Match()
    {
        if (!_hpet.IsEnabled)
            return;
        var counter = _hpet.Counter;
        if (Configuration.IsPeriodic)
        {
            if (Period != 0)
            {
                var missed = ((counter - Comparator) & Mask) / Period;
                Comparator = (Comparator + (missed + 1) * Period) & Mask;
                Arm((Comparator - counter) & Mask, _hpet.Now + ShortestPeriod);
            }
        }
        else if (Configuration.Is32Bit)
        {
            // The counter's low half comes round to the same value again.
            var past = (counter - Comparator) & Mask;
            Arm((1UL << 32) - past, 0);
        }
        Interrupt();
    }

    private void Interrupt()
    {
        if (Configuration.IsLevel)
            _hpet.SetStatus(_index, true);
        if (!Configuration.IsInterruptEnabled)
            return;
        if (Configuration.UsesMessage)
        {
            _hpet.Send(Message >> 32, (uint)Message);
        }
        else if (Configuration.IsLevel)
        {
            UpdateLine();
        }
        else if (_hpet.LegacyLine(_index) is { } legacy)
        {
            // An 8259 forgets an edge when the wire falls before it is acknowledged (231468, "Interrupt Request"), and nobody shares this one.
            Drive(null);
            Drive(legacy);
            _holdsEdge = true;
        }
        else if (SelectedLine is { } line)
        {
            line.Set(true);
            line.Set(false);
        }
    }

    private void Drive(IInterruptLine? line)
    {
        if (!ReferenceEquals(_driven, line))
            _driven?.Set(false);
        _driven = line;
        line?.Set(true);
    }
}
