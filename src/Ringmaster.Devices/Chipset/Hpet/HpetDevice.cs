using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.Clock;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Chipset.Hpet;

/// <summary>
/// A high precision event timer (IA-PC HPET 1.0a): a 64-bit counter at 100 MHz and three comparators, all of them
/// periodic-capable.
/// </summary>
/// <remarks>
/// In legacy replacement mode timers 0 and 1 take the place of PIT and RTC on IRQ 0 and IRQ 8. The HPET therefore sits on
/// those two wires: the PIT drives <see cref="PitInput"/>, the RTC <see cref="RtcInput"/>.
/// </remarks>
public sealed class HpetDevice : StatefulDevice<HpetState>, IMmioDevice
{
    /// <summary>Where a PC's first HPET is.</summary>
    public const ulong DefaultAddress = 0xFED0_0000;

    /// <summary>Length of a tick of the main counter.</summary>
    public const long NanosecondsPerTick = 10;

    /// <summary>Comparators.</summary>
    public const int TimerCount = 3;

    private const ulong FemtosecondsPerTick = NanosecondsPerTick * 1_000_000;
    private const uint EnableBit = 1, LegacyBit = 2;
    private const int CapabilityRegister = 0x000, ConfigurationRegister = 0x010, StatusRegister = 0x020, CounterRegister = 0x0F0;
    private const int FirstTimerRegister = 0x100, TimerStride = 0x20;

    private readonly HpetWiring _wiring;
    private readonly MmioRange _range;
    private readonly HpetTimer[] _timers;
    private readonly InterruptLine _pit, _rtc;
    private readonly Crossing _irq0, _irq8;
    private uint _configuration;
    private uint _status;
    private ulong _counter;
    private long _countedFrom;

    /// <summary>Creates the HPET in its power-on state.</summary>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    /// <param name="wiring">What it is connected to.</param>
    /// <param name="address">Its 1 KiB of registers; <see cref="DefaultAddress"/> unless given.</param>
    public HpetDevice(string name, HpetWiring wiring, GuestPhysicalAddress? address = null) : base(name)
    {
        ArgumentNullException.ThrowIfNull(wiring);
        _wiring = wiring;
        _range = new MmioRange(address ?? new GuestPhysicalAddress(DefaultAddress), 0x400);
        _irq0 = new Crossing(wiring.Irq0);
        _irq8 = new Crossing(wiring.Irq8);
        _pit = new InterruptLine(_irq0.SetLegacyDevice);
        _rtc = new InterruptLine(_irq8.SetLegacyDevice);
        _timers = [.. Enumerable.Range(0, TimerCount).Select(i => new HpetTimer(this, i, Routes[i], wiring))];
        Reset();
    }

    /// <summary>
    /// For each timer the global system interrupts that it can be routed to, bit n for GSI n, as in Intel's ICH9: the PCI
    /// inputs 20 to 23, and 11 for timer 2.
    /// </summary>
    public static IReadOnlyList<uint> Routes { get; } = [0x00F0_0000, 0x00F0_0000, 0x00F0_0800];

    /// <summary>Where the PIT's interrupt goes; reaches IRQ 0 outside legacy replacement mode.</summary>
    public IInterruptLine PitInput => _pit;

    /// <summary>Where the RTC's interrupt goes; reaches IRQ 8 outside legacy replacement mode.</summary>
    public IInterruptLine RtcInput => _rtc;

    /// <summary>Whether timers 0 and 1 have taken the place of PIT and RTC.</summary>
    public bool IsLegacyReplacement => (_configuration & LegacyBit) != 0;

    /// <inheritdoc/>
    public IReadOnlyList<MmioRange> MmioRanges => [_range];

    /// <inheritdoc/>
    protected override string StateKind => "hpet";

    /// <inheritdoc/>
    protected override JsonTypeInfo<HpetState> StateType => HpetStateContext.Default.HpetState;

    internal long Now => _wiring.Clock.Now;

    internal bool IsEnabled => (_configuration & EnableBit) != 0;

    internal ulong Counter => IsEnabled ? _counter + (ulong)(Now - _countedFrom) / NanosecondsPerTick : _counter;

    /// <inheritdoc/>
    public override void Reset()
    {
        _configuration = 0;
        _status = 0;
        _counter = 0;
        _countedFrom = 0;
        foreach (var timer in _timers)
            timer.Reset();
        ConnectLegacy();
    }

    /// <inheritdoc/>
    public ulong ReadMmio(GuestPhysicalAddress address, int size)
    {
        var offset = (int)(address - _range.Start);
        return ReadRegister(offset & ~7) >> ((offset & 7) * 8);
    }

    /// <inheritdoc/>
    /// <remarks>HPET 1.0a 2.3.1: accesses are 32 or 64 bits wide and aligned; other writes are ignored.</remarks>
    public void WriteMmio(GuestPhysicalAddress address, int size, ulong value)
    {
        var offset = (int)(address - _range.Start);
        if (size is not (4 or 8) || offset % size != 0)
            return;
        var shift = (offset & 7) * 8;
        WriteRegister(offset & ~7, value << shift, (size == 8 ? ulong.MaxValue : uint.MaxValue) << shift);
    }

    /// <summary>The VM clock time at which the counter will have advanced by some ticks.</summary>
    internal long TimeAfter(ulong ticks) =>
        _countedFrom + ((Now - _countedFrom) / NanosecondsPerTick + (long)ticks) * NanosecondsPerTick;

    internal bool HasStatus(int timer) => (_status & (1u << timer)) != 0;

    internal void SetStatus(int timer, bool active) => _status = active ? _status | (1u << timer) : _status & ~(1u << timer);

    internal void Send(ulong address, uint data) => _wiring.DeliverMsi?.Invoke(address, data);

    /// <summary>The ISA interrupt that a timer has taken over, or null.</summary>
    internal IInterruptLine? LegacyLine(int timer) => (IsLegacyReplacement, timer) switch
    {
        (true, 0) => _irq0.TimerInput,
        (true, 1) => _irq8.TimerInput,
        _ => null,
    };

    /// <inheritdoc/>
    protected override HpetState Capture() => new(
        _configuration, _status, _counter, _countedFrom, [.. _timers.Select(timer => timer.Save())], _pit.IsAsserted,
        _rtc.IsAsserted);

    /// <inheritdoc/>
    protected override void Apply(HpetState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Timers.IsDefault || state.Timers.Length != TimerCount || state.Timers.Any(timer => timer is null))
            throw new SavedStateException($"{Name}: the saved state does not have {TimerCount} timers.");
        _configuration = state.Configuration & (EnableBit | LegacyBit);
        _status = state.Status & ((1u << TimerCount) - 1);
        _counter = state.Counter;
        _countedFrom = Math.Clamp(state.CountedFrom, 0, Math.Max(0, Now));
        // Before the inputs, so that no level of PIT or RTC passes that legacy replacement keeps back.
        ConnectLegacy();
        _pit.Set(state.Pit);
        _rtc.Set(state.Rtc);
        for (var i = 0; i < TimerCount; i++)
            _timers[i].Restore(state.Timers[i]);
    }

    private ulong ReadRegister(int register)
    {
        switch (register)
        {
            case CapabilityRegister:
                // Revision 1, 64-bit counter, legacy replacement, Intel's vendor ID.
                return (FemtosecondsPerTick << 32) | 0x8086_A001 | ((TimerCount - 1) << 8);
            case ConfigurationRegister:
                return _configuration;
            case StatusRegister:
                return _status;
            case CounterRegister:
                return Counter;
        }
        return TimerAt(register) is not { } timer ? 0 : (register % TimerStride) switch
        {
            0x00 => timer.Register,
            0x08 => timer.Comparator,
            0x10 => timer.Message,
            _ => 0,
        };
    }

    private void WriteRegister(int register, ulong value, ulong written)
    {
        switch (register)
        {
            case ConfigurationRegister when (written & uint.MaxValue) != 0:
                WriteConfiguration((uint)value & (EnableBit | LegacyBit));
                return;
            case StatusRegister:
                _status &= ~(uint)value;
                UpdateLines();
                return;
            // HPET 1.0a 2.3.7: only a halted counter may be written.
            case CounterRegister when !IsEnabled:
                _counter = (_counter & ~written) | (value & written);
                return;
        }
        if (TimerAt(register) is not { } timer)
            return;
        switch (register % TimerStride)
        {
            case 0x00 when (written & uint.MaxValue) != 0:
                timer.WriteConfiguration((uint)value);
                break;
            case 0x08:
                timer.WriteComparator(value, written);
                break;
            case 0x10:
                timer.WriteMessage(value, written);
                break;
        }
    }

    private HpetTimer? TimerAt(int register)
    {
        var index = (register - FirstTimerRegister) / TimerStride;
        return register >= FirstTimerRegister && index < TimerCount ? _timers[index] : null;
    }

    private void WriteConfiguration(uint value)
    {
        var counter = Counter;
        var wasEnabled = IsEnabled;
        _configuration = value;
        if (IsEnabled != wasEnabled)
        {
            _counter = counter;
            _countedFrom = Now;
            foreach (var timer in _timers)
                timer.Schedule();
        }
        ConnectLegacy();
        UpdateLines();
    }

    private void ConnectLegacy()
    {
        _irq0.Select(IsLegacyReplacement);
        _irq8.Select(IsLegacyReplacement);
    }

    private void UpdateLines()
    {
        foreach (var timer in _timers)
            timer.UpdateLine();
    }

    /// <summary>An ISA interrupt that either its old owner or a timer drives.</summary>
    private sealed class Crossing
    {
        private readonly IInterruptLine _output;
        private readonly InterruptLine _timer;
        private bool _legacyDevice;
        private bool _fromTimer;

        public Crossing(IInterruptLine output)
        {
            _output = output;
            _timer = new InterruptLine(_ => Drive());
        }

        public IInterruptLine TimerInput => _timer;

        public void SetLegacyDevice(bool asserted)
        {
            _legacyDevice = asserted;
            Drive();
        }

        public void Select(bool fromTimer)
        {
            _fromTimer = fromTimer;
            Drive();
        }

        private void Drive() => _output.Set(_fromTimer ? _timer.IsAsserted : _legacyDevice);
    }
}
