using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Apic;

/// <summary>
/// An I/O APIC with 24 inputs (82093AA), version 20h: it has the EOI register of later chipsets, so that kernels may
/// complete level interrupts one by one.
/// </summary>
public sealed partial class IoApic : StatefulDevice<IoApicState>, IMmioDevice
{
    /// <summary>Input pins and redirection entries.</summary>
    public const int InputCount = 24;

    /// <summary>Where a machine's first I/O APIC is.</summary>
    public const ulong DefaultAddress = 0xFEC0_0000;

    private const ulong SelectOffset = 0x00, WindowOffset = 0x10, EoiOffset = 0x40;
    private const byte IdRegister = 0, VersionRegister = 1, ArbitrationRegister = 2, FirstEntryRegister = 0x10;

    private readonly ApicBus _bus;
    private readonly MmioRange _range;
    private readonly InputPin[] _inputs = new InputPin[InputCount];
    private readonly RedirectionEntry[] _entries = new RedirectionEntry[InputCount];
    private byte _select;
    private byte _id;

    /// <summary>Creates the I/O APIC in its power-on state and attaches it to the bus.</summary>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    /// <param name="bus">Carries its messages.</param>
    /// <param name="address">Its 4 KiB of registers; <see cref="DefaultAddress"/> unless given.</param>
    public IoApic(string name, ApicBus bus, GuestPhysicalAddress? address = null) : base(name)
    {
        ArgumentNullException.ThrowIfNull(bus);
        _bus = bus;
        _range = new MmioRange(address ?? new GuestPhysicalAddress(DefaultAddress), 0x1000);
        for (var i = 0; i < InputCount; i++)
        {
            var input = i;
            _inputs[i] = new InputPin(level => InputChanged(input, level));
        }
        Reset();
        bus.Attach(this);
    }

    /// <inheritdoc/>
    public IReadOnlyList<MmioRange> MmioRanges => [_range];

    /// <inheritdoc/>
    protected override string StateKind => "io-apic";

    /// <inheritdoc/>
    protected override JsonTypeInfo<IoApicState> StateType => ApicStateContext.Default.IoApicState;

    /// <summary>An input pin. Several devices must not drive one pin directly: <see cref="GsiRouter"/> joins them.</summary>
    /// <param name="pin">0 to 23; the global system interrupt, for a machine's first I/O APIC.</param>
    public IInterruptLine Input(int pin) => _inputs[pin];

    /// <inheritdoc/>
    public override void Reset()
    {
        _select = 0;
        _id = 0;
        Array.Fill(_entries, new RedirectionEntry(RedirectionEntry.MaskBit));
        _bus.LevelsChanged(this);
    }

    /// <inheritdoc/>
    public ulong ReadMmio(GuestPhysicalAddress address, int size)
    {
        var offset = address - _range.Start;
        var value = (offset & ~3UL) switch
        {
            SelectOffset => _select,
            WindowOffset => ReadWindow(),
            _ => 0u,
        };
        return value >> (int)(offset & 3) * 8;
    }

    /// <inheritdoc/>
    public void WriteMmio(GuestPhysicalAddress address, int size, ulong value)
    {
        switch (address - _range.Start)
        {
            case SelectOffset:
                _select = (byte)value;
                break;
            // 82093AA 3.1.2: the window is only accessed with 32 bits.
            case WindowOffset when size == 4:
                WriteWindow((uint)value);
                break;
            case EoiOffset:
                EndOfInterrupt((byte)value);
                break;
        }
    }

    /// <summary>A level interrupt has been handled: entries that wait for this vector may ask again.</summary>
    internal void EndOfInterrupt(byte vector)
    {
        for (var i = 0; i < InputCount; i++)
        {
            if (!_entries[i].RemoteIrr || _entries[i].Vector != vector)
                continue;
            _entries[i] = _entries[i].With(RedirectionEntry.RemoteIrrBit, false);
            OfferLevel(i);
        }
    }

    /// <summary>
    /// What level-triggered inputs send. Masked ones count, too: an interrupt that was sent before is ended all the same.
    /// </summary>
    internal IReadOnlyList<ApicMessage?> Levels => [.. _entries.Select(entry => entry.IsLevel && !IsLent ? entry.Message : (ApicMessage?)null)];

    /// <summary>Level interrupts that wait for an end, and that no local APIC has any more, have been ended.</summary>
    /// <param name="isHeld">Whether one has a vector.</param>
    internal void EndUnheld(Func<byte, bool> isHeld)
    {
        foreach (var vector in _entries.Where(entry => entry.RemoteIrr && !isHeld(entry.Vector)).Select(entry => entry.Vector).Distinct().ToList())
            EndOfInterrupt(vector);
    }

    /// <summary>Offers every asserted level interrupt that no local APIC has accepted yet.</summary>
    internal void OfferLevels()
    {
        for (var i = 0; i < InputCount; i++)
            OfferLevel(i);
    }

    /// <inheritdoc/>
    protected override IoApicState Capture()
    {
        var inputs = 0u;
        for (var i = 0; i < InputCount; i++)
            inputs |= _inputs[i].IsAsserted ? 1u << i : 0;
        return new IoApicState(_select, _id, [.. _entries.Select(entry => entry.Value)], inputs);
    }

    /// <inheritdoc/>
    protected override void Apply(IoApicState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Entries.IsDefault || state.Entries.Length != InputCount)
            throw new SavedStateException($"{Name}: the saved redirection table does not have {InputCount} entries.");
        _select = state.Select;
        _id = (byte)(state.Id & 0xF);
        const ulong kept = RedirectionEntry.Writable | RedirectionEntry.RemoteIrrBit | RedirectionEntry.StatusBit;
        for (var i = 0; i < InputCount; i++)
        {
            var entry = new RedirectionEntry(state.Entries[i] & kept);
            _entries[i] = entry.IsLevel
                ? entry
                : new RedirectionEntry(entry.Value & ~(RedirectionEntry.RemoteIrrBit | RedirectionEntry.StatusBit));
            _inputs[i].Restore((state.Inputs & (1u << i)) != 0);
        }
    }

    private uint ReadWindow() => _select switch
    {
        IdRegister or ArbitrationRegister => (uint)_id << 24,
        VersionRegister => 0x20 | ((InputCount - 1) << 16),
        >= FirstEntryRegister and < FirstEntryRegister + 2 * InputCount =>
            (uint)(_entries[(_select - FirstEntryRegister) / 2].Value >> (_select & 1) * 32),
        _ => 0,
    };

    private void WriteWindow(uint value)
    {
        if (_select == IdRegister)
        {
            _id = (byte)((value >> 24) & 0xF);
            return;
        }
        var index = (_select - FirstEntryRegister) / 2;
        if (_select < FirstEntryRegister || index >= InputCount)
            return;
        var old = _entries[index].Value;
        var merged = (_select & 1) == 0 ? (old & 0xFFFF_FFFF_0000_0000) | value : (uint)old | ((ulong)value << 32);
        var entry = new RedirectionEntry((merged & RedirectionEntry.Writable) | (old & RedirectionEntry.RemoteIrrBit));
        // An edge entry has no remote IRR. Kernels rely on this to complete a level interrupt without an EOI register.
        _entries[index] = entry.With(RedirectionEntry.RemoteIrrBit, entry.RemoteIrr && entry.IsLevel);
        _bus.LevelsChanged(this);
        OfferLevel(index);
    }

    private void InputChanged(int index, bool asserted)
    {
        var entry = _entries[index];
        if (_borrower is not null)
        {
            _borrower(index, asserted);
        }
        else if (entry.IsLevel)
        {
            if (!asserted)
                _entries[index] = entry.With(RedirectionEntry.StatusBit, false);
            OfferLevel(index);
        }
        // 82093AA 3.2.4: an edge on a masked pin is neither delivered nor held.
        else if (asserted && !entry.IsMasked)
        {
            _bus.Deliver(entry.Message);
        }
    }

    /// <summary>Sends a level interrupt unless it is masked or has been accepted and not yet completed.</summary>
    private void OfferLevel(int index)
    {
        var entry = _entries[index];
        if (IsLent || !entry.IsLevel || entry.IsMasked || entry.RemoteIrr || !_inputs[index].IsAsserted)
            return;
        var accepted = _bus.Deliver(entry.Message);
        _entries[index] = entry.With(RedirectionEntry.RemoteIrrBit, accepted).With(RedirectionEntry.StatusBit, !accepted);
    }
}
