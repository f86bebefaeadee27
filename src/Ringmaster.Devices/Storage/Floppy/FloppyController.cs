using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.Chipset.DmaController;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Storage.Floppy;

/// <summary>An 82077AA diskette controller in AT mode, with up to two drives (Intel 82077AA data sheet).</summary>
/// <remarks>
/// Heads move and sectors pass at once; only the diskette's image takes time. Commands are in FloppyController.Commands, what moves
/// sectors in FloppyController.Transfers. Registers A and B at 3F0h and 3F1h exist in PS/2 mode only.
/// </remarks>
public sealed partial class FloppyController : StatefulDevice<FloppyControllerState>, IPortDevice
{
    private const ushort Ports = 0x3F0;
    private const int DigitalOutputPort = 2, TapeDrivePort = 3, StatusPort = 4, FifoPort = 5, InputPort = 7;
    private const int DriveCount = 2, UnitCount = 4;
    private const byte NotReset = 0x04, DmaGate = 0x08, SoftwareReset = 0x80, RateBits = 0x03, TapeBits = 0x03, Change = 0x80;
    private const byte Request = 0x80, ToProcessor = 0x40, NonDma = 0x20, Busy = 0x10;
    private const byte Rate250 = 2, FifoDisabled = 0x20, ImpliedSeek = 0x40;

    private readonly IInterruptLine _line;
    private readonly IDmaChannel _dma;
    private readonly FloppyDrive?[] _drives;
    private readonly SingleRequest _request = new();
    private readonly byte[] _cylinders = new byte[UnitCount];
    private readonly int[] _seekEnds = new int[UnitCount];
    private readonly byte[] _timing = new byte[2], _configuration = new byte[2];

    private FloppyStep _step;
    private byte[] _fifo = [], _command = [], _buffer = [];
    private int _position, _bufferPosition;
    private bool _isTerminal, _hasSought;
    private int _head, _sector;
    private byte _digitalOutput, _tapeDrive, _rate;
    private byte _perpendicular, _endOfTrack;
    private bool _isLocked, _interrupt;
    private int _nextId;

    /// <summary>Creates the controller.</summary>
    /// <param name="line">Its interrupt, 6 of a PC.</param>
    /// <param name="dma">Its DMA channel, 2 of a PC.</param>
    /// <param name="first">Drive A, or none.</param>
    /// <param name="second">Drive B, or none.</param>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    public FloppyController(IInterruptLine line, IDmaChannel dma, FloppyDrive? first, FloppyDrive? second = null, string name = "fdc") : base(name)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(dma);
        (_line, _dma, _drives) = (line, dma, [first, second]);
        dma.Ready = ServeDma;
        Reset();
    }

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> PortRanges { get; } = [new(new IoPort(Ports), 6), new(new IoPort(Ports + InputPort), 1)];

    /// <summary>The drives, null where there is none.</summary>
    public IReadOnlyList<FloppyDrive?> Drives => _drives;

    /// <inheritdoc/>
    protected override string StateKind => "82077aa";

    /// <inheritdoc/>
    protected override JsonTypeInfo<FloppyControllerState> StateType => FloppyStateJson.Default.FloppyControllerState;

    private bool IsInReset => (_digitalOutput & NotReset) == 0;

    private bool UsesDma => (_timing[1] & 1) == 0;

    /// <summary>Puts another diskette into a drive, or takes the present one out.</summary>
    /// <param name="drive">0 or 1; the drive exists.</param>
    /// <param name="medium">The new one; null for none. It stays its owner's, as does the old one, which is not used any more.</param>
    /// <exception cref="ArgumentException">The image does not have the size of a diskette; nothing changes.</exception>
    public void ChangeDiskette(int drive, IBlockBackend? medium)
    {
        var changed = _drives[drive] ?? throw new ArgumentException($"There is no drive {drive}.", nameof(drive));
        changed.Take(medium);
        if (_step is FloppyStep.Command or FloppyStep.Result || (_command[1] & 3) != drive)
            return;
        _request.Abandon();
        Fail(FloppyStatus.MissingMark);
    }

    /// <inheritdoc/>
    public uint ReadPort(IoPort port, int size) => (port.Value - Ports) switch
    {
        DigitalOutputPort => _digitalOutput,
        TapeDrivePort => _tapeDrive,
        StatusPort => MainStatus(),
        FifoPort => ReadFifo(),
        InputPort => IsChanged() ? Change : 0u,
        _ => uint.MaxValue,
    };

    /// <inheritdoc/>
    public void WritePort(IoPort port, int size, uint value)
    {
        switch (port.Value - Ports)
        {
            case DigitalOutputPort:
                WriteDigitalOutput((byte)value);
                break;
            case TapeDrivePort:
                _tapeDrive = (byte)(value & TapeBits);
                break;
            case StatusPort:
                _rate = (byte)(value & RateBits);
                if ((value & SoftwareReset) != 0 && !IsInReset)
                {
                    EnterReset();
                    LeaveReset();
                }
                break;
            case FifoPort:
                WriteFifo((byte)value);
                break;
            case InputPort:
                _rate = (byte)(value & RateBits);
                break;
        }
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        (_digitalOutput, _tapeDrive, _rate) = (0, 0, Rate250);
        (_timing[0], _timing[1], _configuration[0], _configuration[1]) = (0, 0, FifoDisabled, 0);
        (_perpendicular, _endOfTrack, _isLocked, _nextId) = (0, 0, false, 0);
        foreach (var drive in _drives)
            drive?.Reset();
        EnterReset();
    }

    private void WriteDigitalOutput(byte value)
    {
        var wasInReset = IsInReset;
        _digitalOutput = value;
        if (IsInReset && !wasInReset)
            EnterReset();
        else if (wasInReset && !IsInReset)
            LeaveReset();
        Update();
        ServeDma();
    }

    /// <summary>Forgets everything but what a software reset leaves (82077AA data sheet, "Reset").</summary>
    private void EnterReset()
    {
        const byte gapBits = 0x03, lockable = FifoDisabled | 0x0F;
        _request.Abandon();
        (_step, _fifo, _command, _buffer, _position, _bufferPosition) = (FloppyStep.Command, [], [], [], 0, 0);
        (_isTerminal, _hasSought, _head, _sector) = (false, false, 0, 0);
        Array.Clear(_cylinders);
        Array.Fill(_seekEnds, -1);
        _perpendicular &= unchecked((byte)~gapBits);
        // Polling and seeking by hand are what it wakes up with, locked or not.
        _configuration[0] = _isLocked ? (byte)(_configuration[0] & lockable) : FifoDisabled;
        if (!_isLocked)
            _configuration[1] = 0;
        _interrupt = false;
        Update();
    }

    /// <summary>Polling, which a reset turns on, finds all four drives changed: one interrupt, and four statuses to sense.</summary>
    private void LeaveReset()
    {
        for (var unit = 0; unit < UnitCount; unit++)
            _seekEnds[unit] = FloppyStatus.Polled | unit;
        Interrupt();
    }

    private byte MainStatus()
    {
        if (IsInReset)
            return 0;
        var data = UsesDma ? 0 : NonDma;
        return (byte)(_step switch
        {
            FloppyStep.Command => Request | (_fifo.Length > 0 ? Busy : 0),
            FloppyStep.Result => Request | ToProcessor | Busy,
            FloppyStep.ToHost when !UsesDma => Request | ToProcessor | data | Busy,
            FloppyStep.FromHost when !UsesDma => Request | data | Busy,
            _ => data | Busy,
        });
    }

    /// <summary>The disk change line of the selected drive, which the drive drives while its motor is on.</summary>
    private bool IsChanged()
    {
        var unit = _digitalOutput & 3;
        return unit < DriveCount && (_digitalOutput >> (4 + unit) & 1) != 0 && _drives[unit] is { HasChanged: true };
    }

    private byte ReadFifo()
    {
        if (_step == FloppyStep.ToHost && !UsesDma)
            return TakeData();
        if (_step != FloppyStep.Result)
            return 0xFF;
        var value = _fifo[_position++];
        // The first byte of the results takes the interrupt back.
        _interrupt = false;
        Update();
        if (_position == _fifo.Length)
            (_step, _fifo, _position) = (FloppyStep.Command, [], 0);
        return value;
    }

    private void WriteFifo(byte value)
    {
        if (IsInReset)
            return;
        if (_step == FloppyStep.FromHost && !UsesDma)
        {
            PutData(value);
            return;
        }
        if (_step != FloppyStep.Command)
            return;
        _fifo = [.. _fifo, value];
        if (_fifo.Length < FloppyCommand.Length(_fifo[0]))
            return;
        (_command, _fifo) = (_fifo, []);
        Execute();
    }

    private void Interrupt()
    {
        // Each interrupt is an edge of its own.
        _interrupt = false;
        Update();
        _interrupt = true;
        Update();
    }

    private void Update() => _line.Set(_interrupt && (_digitalOutput & DmaGate) != 0);
}
