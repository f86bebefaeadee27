using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.Clock;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Chipset.IntervalTimer;

/// <summary>
/// The PC's 8254 programmable interval timer (PIT), ports 40h to 43h: counter 0 makes IRQ 0, counter 1 once refreshed DRAM,
/// counter 2 drives the speaker and is gated and read through port 61h.
/// </summary>
/// <remarks>
/// Counts are worked out from the VM clock when asked for; a timer runs only for edges of counter 0. When the VM gets to run
/// late, edges that it missed come as one. A strobe of a single clock pulse shows on the line as down and up at its end.
/// </remarks>
public sealed class Pit : StatefulDevice<PitState>, IPortDevice
{
    private const ushort ControlPort = 0x43;

    private readonly IVmClock _clock;
    private readonly IInterruptLine _line;
    private readonly IVmTimer _timer;
    private readonly PitCounter[] _counters = [new(gateTied: true), new(gateTied: true), new(gateTied: false)];
    private bool _lineLevel;
    private bool _edgeRises;

    /// <summary>Creates the timer with no counter programmed.</summary>
    /// <param name="clock">Tells the time.</param>
    /// <param name="line">IRQ 0; receives counter 0's OUT.</param>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    public Pit(IVmClock clock, IInterruptLine line, string name = "pit") : base(name)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(line);
        _clock = clock;
        _line = line;
        _timer = clock.CreateTimer(name, OnEdge);
    }

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> PortRanges { get; } = [new(new IoPort(0x40), 4)];

    /// <inheritdoc/>
    protected override string StateKind => "pit8254";

    /// <inheritdoc/>
    protected override JsonTypeInfo<PitState> StateType => PitStateJson.Default.PitState;

    /// <summary>The present level of counter 2's OUT, which port 61h shows.</summary>
    public bool SpeakerOutput => _counters[2].Output(Pulse);

    /// <summary>Whether the refresh request, one per 18 input clock pulses (15.085 us), has toggled an odd number of times.</summary>
    public bool RefreshToggle => (Pulse / 18 & 1) != 0;

    private long Pulse => PitClock.PulseAt(_clock.Now);

    /// <summary>Drives counter 2's GATE, as port 61h does.</summary>
    public void SetSpeakerGate(bool level) => _counters[2].SetGate(level, Pulse);

    /// <inheritdoc/>
    public uint ReadPort(IoPort port, int size) => port.Value == ControlPort ? 0xFFu : _counters[port.Value & 3].Read(Pulse);

    /// <inheritdoc/>
    public void WritePort(IoPort port, int size, uint value)
    {
        var now = Pulse;
        if (port.Value == ControlPort)
            WriteControl((byte)value, now);
        else
            _counters[port.Value & 3].Write((byte)value, now);
        Schedule(now);
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        foreach (var counter in _counters)
            counter.Reset();
        Schedule(Pulse);
    }

    /// <inheritdoc/>
    protected override PitState Capture() => new([.. _counters.Select(counter => counter.Capture(Pulse))], _lineLevel);

    /// <inheritdoc/>
    protected override void Apply(PitState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Counters.Length != _counters.Length || state.Counters.Contains(null))
            throw new SavedStateException($"{Name}: the saved state does not have {_counters.Length} counters.");
        var now = Pulse;
        for (var i = 0; i < _counters.Length; i++)
            _counters[i].Restore(state.Counters[i], now);
        Drive(state.Line);
        Schedule(now);
    }

    private void WriteControl(byte value, long now)
    {
        var select = value >> 6;
        if (select == 3)
        {
            // Read-back: bits 5 and 4 select what is latched, low active; bits 3 to 1 select the counters.
            for (var i = 0; i < _counters.Length; i++)
            {
                if ((value & (2 << i)) == 0)
                    continue;
                if ((value & 0x20) == 0)
                    _counters[i].LatchCount(now);
                if ((value & 0x10) == 0)
                    _counters[i].LatchStatus(now);
            }
        }
        else if ((value & 0x30) == 0)
        {
            _counters[select].LatchCount(now);
        }
        else
        {
            _counters[select].Configure(value);
        }
    }

    private void OnEdge()
    {
        // The edge that was waited for comes first, whatever else a late call has missed.
        if (_edgeRises)
            Drive(false);
        Drive(_edgeRises);
        Schedule(Pulse);
    }

    /// <summary>Brings the line to counter 0's OUT and waits for the next edge.</summary>
    private void Schedule(long now)
    {
        var edge = _counters[0].NextEdge(now);
        // A strobe of one pulse is not shown while it lasts but by the edge that ends it.
        var inStrobe = edge is { Rising: true } && _lineLevel && edge.Value.Pulse == now + 1;
        if (!inStrobe)
            Drive(_counters[0].Output(now));
        if (edge is { } next)
        {
            _edgeRises = next.Rising;
            _timer.Arm(PitClock.TimeOf(next.Pulse));
        }
        else
        {
            _timer.Disarm();
        }
    }

    private void Drive(bool level)
    {
        _lineLevel = level;
        _line.Set(level);
    }
}
