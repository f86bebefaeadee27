using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.Clock;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Serial;

/// <summary>
/// A serial port with the National PC16550D: eight ports from 3F8h (COM1), 2F8h, 3E8h or 2E8h, usually on IRQ 4 or 3.
/// </summary>
/// <remarks>
/// Sending takes no time: the transmitter is empty again when the write returns. Bytes from outside are taken while there is
/// room, so none is ever lost to an overrun; in loopback mode the guest can overrun itself.
/// </remarks>
public sealed class Uart16550 : StatefulDevice<Uart16550State>, IPortDevice
{
    /// <summary>Base ports of COM1 to COM4.</summary>
    public const ushort Com1 = 0x3F8, Com2 = 0x2F8, Com3 = 0x3E8, Com4 = 0x2E8;

    private const int FifoDepth = 16, PortCount = 8;
    private const byte EnableReceived = 0x01, EnableTransmitter = 0x02, EnableLineStatus = 0x04, EnableModemStatus = 0x08;
    private const byte FifoEnable = 0x01, ClearReceiver = 0x02, FifoWritable = 0xC9;
    private const byte DivisorAccess = 0x80;
    private const byte Dtr = 0x01, Rts = 0x02, Out1 = 0x04, Out2 = 0x08, Loopback = 0x10;
    private const byte DataReady = 0x01, OverrunError = 0x02, TransmitterIdle = 0x60;
    private const byte Cts = 0x10, Dsr = 0x20, Ring = 0x40, Carrier = 0x80, RingEnded = 0x04;
    private const long NanosecondsPerSecond = 1_000_000_000, CrystalHertz = 1_843_200;

    private readonly IVmClock _clock;
    private readonly IInterruptLine _line;
    private readonly ISerialBackend? _backend;
    private readonly IVmTimer _timeout;
    private readonly ushort _base;
    private readonly Queue<byte> _received = new(FifoDepth);
    private byte _interruptEnable;
    private byte _fifoControl;
    private byte _lineControl;
    private byte _modemControl;
    private byte _modemStatus;
    private byte _scratch;
    private ushort _divisor;
    private bool _overrun;
    private bool _transmitterEmptied;
    private bool _timedOut;

    // Not state: a back end that is told once too often only offers its bytes again.
    private bool _heldBack;

    /// <summary>Creates the port.</summary>
    /// <param name="clock">Times the character timeout.</param>
    /// <param name="line">Its interrupt request.</param>
    /// <param name="backend">What it is plugged into, or null for a port with nothing connected.</param>
    /// <param name="basePort">The first of its eight ports.</param>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    public Uart16550(IVmClock clock, IInterruptLine line, ISerialBackend? backend, IoPort basePort, string name = "uart0") : base(name)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(line);
        _clock = clock;
        _line = line;
        _backend = backend;
        _base = basePort.Value;
        _timeout = clock.CreateTimer(name, OnTimeout);
        PortRanges = [new(basePort, PortCount)];
        Clear();
    }

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> PortRanges { get; }

    /// <inheritdoc/>
    protected override string StateKind => "uart16550";

    /// <inheritdoc/>
    protected override JsonTypeInfo<Uart16550State> StateType => Uart16550StateJson.Default.Uart16550State;

    private bool HasFifo => (_fifoControl & FifoEnable) != 0;

    private bool IsLooped => (_modemControl & Loopback) != 0;

    private bool AccessesDivisor => (_lineControl & DivisorAccess) != 0;

    private int Capacity => HasFifo ? FifoDepth : 1;

    private int TriggerLevel => !HasFifo ? 1 : (_fifoControl >> 6) switch { 0 => 1, 1 => 4, 2 => 8, _ => 14 };

    private byte LineStatus => (byte)(TransmitterIdle | (_received.Count > 0 ? DataReady : 0) | (_overrun ? OverrunError : 0));

    /// <summary>What is plugged in: a connected back end looks like a modem that is ready.</summary>
    private byte OutsideLines => _backend is null ? (byte)0 : (byte)(Carrier | Dsr | Cts);

    private InterruptSource Pending
    {
        get
        {
            if (_overrun && (_interruptEnable & EnableLineStatus) != 0)
                return InterruptSource.LineStatus;
            if ((_interruptEnable & EnableReceived) != 0)
            {
                if (_received.Count >= TriggerLevel)
                    return InterruptSource.ReceivedData;
                if (_timedOut)
                    return InterruptSource.CharacterTimeout;
            }
            if (_transmitterEmptied && (_interruptEnable & EnableTransmitter) != 0)
                return InterruptSource.TransmitterEmpty;
            if ((_modemStatus & 0x0F) != 0 && (_interruptEnable & EnableModemStatus) != 0)
                return InterruptSource.ModemStatus;
            return InterruptSource.None;
        }
    }

    /// <summary>Four character times, after which received bytes below the trigger level are reported all the same.</summary>
    private long TimeoutLength
    {
        get
        {
            var halfBits = 2 * (1 + 5 + (_lineControl & 3));
            halfBits += (_lineControl & 0x08) != 0 ? 2 : 0;
            halfBits += (_lineControl & 0x04) == 0 ? 2 : (_lineControl & 3) == 0 ? 3 : 4;
            var divisor = _divisor == 0 ? 0x10000L : _divisor;
            return 4 * halfBits * 8 * divisor * NanosecondsPerSecond / CrystalHertz;
        }
    }

    /// <summary>Offers bytes from outside. Called with the machine's lock held.</summary>
    /// <param name="bytes">Oldest first.</param>
    /// <returns>How many were taken; <see cref="ISerialBackend.ReceiverReady"/> is called when there is room for the others.</returns>
    public int Receive(ReadOnlySpan<byte> bytes)
    {
        // In loopback mode the serial input is cut off (PC16550D, "Modem Control Register").
        var taken = IsLooped ? 0 : Math.Clamp(Capacity - _received.Count, 0, bytes.Length);
        for (var i = 0; i < taken; i++)
            _received.Enqueue(bytes[i]);
        _heldBack |= taken < bytes.Length;
        if (taken > 0)
            RestartTimeout();
        UpdateLine();
        return taken;
    }

    /// <inheritdoc/>
    public uint ReadPort(IoPort port, int size)
    {
        switch ((port.Value - _base) & 7)
        {
            case 0:
                return AccessesDivisor ? (byte)_divisor : ReadReceived();
            case 1:
                return AccessesDivisor ? (byte)(_divisor >> 8) : _interruptEnable;
            case 2:
                return ReadInterruptIdentification();
            case 3:
                return _lineControl;
            case 4:
                return _modemControl;
            case 5:
                var lineStatus = LineStatus;
                _overrun = false;
                UpdateLine();
                return lineStatus;
            case 6:
                var modemStatus = _modemStatus;
                _modemStatus &= 0xF0;
                UpdateLine();
                return modemStatus;
            default:
                return _scratch;
        }
    }

    /// <inheritdoc/>
    public void WritePort(IoPort port, int size, uint value)
    {
        var data = (byte)value;
        switch ((port.Value - _base) & 7)
        {
            case 0 when AccessesDivisor:
                _divisor = (ushort)((_divisor & 0xFF00) | data);
                break;
            case 0:
                Transmit(data);
                break;
            case 1 when AccessesDivisor:
                _divisor = (ushort)((_divisor & 0x00FF) | (data << 8));
                break;
            case 1:
                // Enabling the transmitter interrupt while it is empty raises it at once.
                _transmitterEmptied |= (data & ~_interruptEnable & EnableTransmitter) != 0;
                _interruptEnable = (byte)(data & 0x0F);
                break;
            case 2:
                WriteFifoControl(data);
                break;
            case 3:
                _lineControl = data;
                break;
            case 4:
                _modemControl = (byte)(data & 0x1F);
                UpdateModemLines();
                OfferRoom();
                break;
            case 7:
                _scratch = data;
                break;
        }
        UpdateLine();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        Clear();
        UpdateLine();
        OfferRoom();
    }

    /// <inheritdoc/>
    protected override Uart16550State Capture() => new(
        _interruptEnable, _fifoControl, _lineControl, _modemControl, _modemStatus, _scratch, _divisor, [.. _received], _overrun,
        _transmitterEmptied, _timedOut, _timeout.Deadline);

    /// <inheritdoc/>
    protected override void Apply(Uart16550State state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Received.Length > FifoDepth)
            throw new SavedStateException($"{Name}: the saved state has {state.Received.Length} bytes in a FIFO of {FifoDepth}.");
        _interruptEnable = (byte)(state.InterruptEnable & 0x0F);
        _fifoControl = (byte)(state.FifoControl & FifoWritable);
        _lineControl = state.LineControl;
        _modemControl = (byte)(state.ModemControl & 0x1F);
        _modemStatus = state.ModemStatus;
        _scratch = state.Scratch;
        _divisor = state.Divisor;
        _received.Clear();
        foreach (var value in state.Received.AsSpan(0, Math.Min(state.Received.Length, Capacity)))
            _received.Enqueue(value);
        _overrun = state.Overrun;
        _transmitterEmptied = state.TransmitterEmptied;
        _timedOut = state.TimedOut && _received.Count > 0 && HasFifo;
        if (state.TimeoutAt is { } at && _received.Count > 0 && HasFifo)
            _timeout.Arm(Math.Clamp(at, _clock.Now, _clock.Now + LongestTimeout));
        else
            _timeout.Disarm();
        // What is plugged in here may differ from what was plugged in there.
        UpdateModemLines();
        UpdateLine();
        _heldBack = true;
        OfferRoom();
    }

    // Twelve bits at the slowest rate, four times.
    private const long LongestTimeout = 4L * 24 * 8 * 0x10000 * NanosecondsPerSecond / CrystalHertz;

    private void Clear()
    {
        _interruptEnable = 0;
        _fifoControl = 0;
        _lineControl = 0;
        _modemControl = 0;
        _modemStatus = OutsideLines;
        _scratch = 0;
        // The data sheet leaves the divisor undefined; 9600 baud suits software that never sets it.
        _divisor = 12;
        _received.Clear();
        _overrun = false;
        _transmitterEmptied = false;
        _timedOut = false;
        _timeout.Disarm();
    }

    private byte ReadReceived()
    {
        if (!_received.TryDequeue(out var value))
            return 0;
        RestartTimeout();
        UpdateLine();
        OfferRoom();
        return value;
    }

    private byte ReadInterruptIdentification()
    {
        var source = Pending;
        if (source == InterruptSource.TransmitterEmpty)
        {
            _transmitterEmptied = false;
            UpdateLine();
        }
        return (byte)((byte)source | (HasFifo ? 0xC0 : 0));
    }

    private void Transmit(byte value)
    {
        // The interrupt falls while the byte is in the transmitter, so that the next one makes an edge.
        _transmitterEmptied = false;
        UpdateLine();
        if (IsLooped)
            LoopBack(value);
        else
            _backend?.Transmit(value);
        _transmitterEmptied = true;
    }

    private void LoopBack(byte value)
    {
        // A full FIFO keeps what it has and loses the new byte; without FIFO the new byte replaces the old one.
        _overrun |= _received.Count >= Capacity;
        if (!HasFifo)
            _received.Clear();
        if (_received.Count < Capacity)
        {
            // The transmitter sends as many bits as the line control says.
            _received.Enqueue((byte)(value & (0xFF >> (3 - (_lineControl & 3)))));
            RestartTimeout();
        }
    }

    private void WriteFifoControl(byte value)
    {
        var toggled = ((value ^ _fifoControl) & FifoEnable) != 0;
        // Bits other than the enable only count while it is set (PC16550D, "FIFO Control Register").
        _fifoControl = (value & FifoEnable) != 0 ? (byte)(value & FifoWritable) : (byte)0;
        if (toggled || ((value & FifoEnable) != 0 && (value & ClearReceiver) != 0))
        {
            _received.Clear();
            RestartTimeout();
        }
        OfferRoom();
    }

    /// <summary>Counts the character timeout anew, as every byte in or out of the FIFO does.</summary>
    private void RestartTimeout()
    {
        _timedOut = false;
        if (HasFifo && _received.Count > 0)
            _timeout.Arm(_clock.Now + TimeoutLength);
        else
            _timeout.Disarm();
    }

    private void OnTimeout()
    {
        _timedOut = true;
        UpdateLine();
    }

    /// <summary>Works out the modem status lines and the deltas of those that have changed.</summary>
    private void UpdateModemLines()
    {
        var lines = OutsideLines;
        if (IsLooped)
        {
            lines = (byte)(
                ((_modemControl & Rts) != 0 ? Cts : 0) | ((_modemControl & Dtr) != 0 ? Dsr : 0) |
                ((_modemControl & Out1) != 0 ? Ring : 0) | ((_modemControl & Out2) != 0 ? Carrier : 0));
        }
        var deltas = (byte)((lines ^ _modemStatus) >> 4);
        // Of the ring indicator only the end counts.
        if ((lines & Ring) != 0)
            deltas &= unchecked((byte)~RingEnded);
        _modemStatus = (byte)(lines | (_modemStatus & 0x0F) | deltas);
    }

    private void OfferRoom()
    {
        if (!_heldBack || IsLooped || _received.Count >= Capacity)
            return;
        _heldBack = false;
        _backend?.ReceiverReady();
    }

    /// <summary>Drives the request, which the PC routes through OUT2 as a master enable.</summary>
    private void UpdateLine() => _line.Set((_modemControl & Out2) != 0 && Pending != InterruptSource.None);
}
