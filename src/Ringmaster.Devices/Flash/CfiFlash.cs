using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Flash;

/// <summary>
/// A parallel NOR flash chip with a bus of 8 bits and the Intel command set (Intel 28F128J3 datasheet; Common Flash Interface), in
/// which firmware keeps its variables. Programming only clears bits; erasing sets all of a block. Both are done at once.
/// </summary>
/// <remarks>
/// Wider accesses are split into cycles of a byte, in ascending order. One thing is not as in the datasheet: clearing the status
/// also clears its ready bit until the next operation. UEFI firmware for virtual machines tells flash from ROM by that.
/// </remarks>
public sealed class CfiFlash : StatefulDevice<CfiFlashState>, IMmioDevice
{
    /// <summary>Bytes that are erased together.</summary>
    public const int BlockSize = 4096;

    private const int BufferSize = 256;
    private const byte Erased = 0xFF, Maker = 0x89, Model = 0x18;
    private const byte ProgramCommand = 0x10, EraseCommand = 0x20, OtherProgramCommand = 0x40, ClearStatusCommand = 0x50, StatusCommand = 0x70,
        IdentifierCommand = 0x90, QueryCommand = 0x98, BufferCommand = 0xE8, Confirm = 0xD0;

    private readonly GuestPhysicalAddress _start;
    private readonly IFlashBackend _backend;
    private readonly byte[] _content;
    private readonly byte[] _table;
    private readonly byte[] _buffer = new byte[BufferSize];
    private FlashMode _mode;
    private byte _status = FlashStatus.Ready;
    private int _target, _remaining;

    /// <summary>Creates the chip.</summary>
    /// <param name="start">Its first address.</param>
    /// <param name="backend">What it holds, and who keeps that.</param>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    public CfiFlash(GuestPhysicalAddress start, IFlashBackend backend, string name = "flash0") : base(name)
    {
        ArgumentNullException.ThrowIfNull(backend);
        if (backend.Content.IsEmpty || backend.Content.Length % BlockSize != 0)
            throw new ArgumentException($"A flash memory has whole blocks of {BlockSize} bytes.", nameof(backend));
        (_start, _backend, _content) = (start, backend, backend.Content.ToArray());
        _table = CfiTable.Build(_content.Length, BlockSize, BufferSize);
        MmioRanges = [new MmioRange(start, (ulong)_content.Length)];
        Array.Fill(_buffer, Erased);
    }

    /// <inheritdoc/>
    public IReadOnlyList<MmioRange> MmioRanges { get; }

    /// <inheritdoc/>
    protected override string StateKind => "cfi-flash";

    /// <inheritdoc/>
    protected override JsonTypeInfo<CfiFlashState> StateType => CfiFlashStateJson.Default.CfiFlashState;

    /// <inheritdoc/>
    public override void Reset()
    {
        (_mode, _status, _target, _remaining) = (FlashMode.Array, FlashStatus.Ready, 0, 0);
        Array.Fill(_buffer, Erased);
    }

    /// <inheritdoc/>
    public ulong ReadMmio(GuestPhysicalAddress address, int size)
    {
        ulong value = 0;
        for (var i = 0; i < size; i++)
            value |= (ulong)Read((int)(address - _start) + i) << (8 * i);
        return value;
    }

    /// <inheritdoc/>
    public void WriteMmio(GuestPhysicalAddress address, int size, ulong value)
    {
        for (var i = 0; i < size; i++)
            Write((int)(address - _start) + i, (byte)(value >> (8 * i)));
    }

    /// <inheritdoc/>
    protected override CfiFlashState Capture() => new(_mode, _status, _target, _remaining, [.. _buffer], [.. _content]);

    /// <inheritdoc/>
    protected override void Apply(CfiFlashState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Content.Length != _content.Length || state.Buffer.Length != BufferSize)
            throw new SavedStateException($"{Name}: the saved state is of a flash memory of {state.Content.Length} bytes, not of {_content.Length}.");
        _mode = Enum.IsDefined(state.Mode) ? state.Mode : FlashMode.Array;
        _status = (byte)(state.Status & FlashStatus.SequenceError);
        _target = Math.Clamp(state.Target, 0, _content.Length - 1);
        _remaining = Math.Clamp(state.Remaining, 0, BufferSize);
        state.Buffer.CopyTo(_buffer, 0);
        state.Content.CopyTo(_content, 0);
        _backend.Write(0, _content);
    }

    private byte Read(int offset) => _mode switch
    {
        FlashMode.Array => _content[offset],
        FlashMode.Identifier => (offset % BlockSize) switch { 0 => Maker, 1 => Model, _ => 0 },
        FlashMode.Query => offset < _table.Length ? _table[offset] : (byte)0,
        _ => _status,
    };

    private void Write(int offset, byte value)
    {
        switch (_mode)
        {
            case FlashMode.Program:
                Program(offset, [value]);
                break;
            case FlashMode.Erase:
                if (value == Confirm)
                    Erase();
                else
                    End(FlashStatus.SequenceError);
                break;
            case FlashMode.BufferCount:
                (_remaining, _target, _mode) = (value + 1, offset / BufferSize * BufferSize, FlashMode.BufferData);
                Array.Fill(_buffer, Erased);
                break;
            case FlashMode.BufferData:
                Collect(offset, value);
                break;
            case FlashMode.BufferConfirm:
                if (value == Confirm)
                    Program(_target, _buffer);
                else
                    End(FlashStatus.SequenceError);
                break;
            default:
                Command(offset, value);
                break;
        }
    }

    private void Command(int offset, byte command)
    {
        _target = offset;
        switch (command)
        {
            case ProgramCommand or OtherProgramCommand:
                _mode = FlashMode.Program;
                break;
            case EraseCommand:
                _mode = FlashMode.Erase;
                break;
            case BufferCommand:
                // Reads give the extended status now, whose bit 7 says that the buffer is free.
                (_mode, _status) = (FlashMode.BufferCount, (byte)(_status | FlashStatus.Ready));
                break;
            case ClearStatusCommand:
                (_mode, _status) = (FlashMode.Array, 0);
                break;
            case StatusCommand:
                _mode = FlashMode.Status;
                break;
            case IdentifierCommand:
                _mode = FlashMode.Identifier;
                break;
            case QueryCommand:
                _mode = FlashMode.Query;
                break;
            default:
                _mode = FlashMode.Array;
                break;
        }
    }

    /// <summary>Takes a byte for the buffer, which covers 256 bytes from a multiple of that on; those outside make the command fail.</summary>
    private void Collect(int offset, byte value)
    {
        if (offset / BufferSize * BufferSize != _target)
        {
            End(FlashStatus.SequenceError);
            return;
        }
        _buffer[offset - _target] = value;
        if (--_remaining <= 0)
            _mode = FlashMode.BufferConfirm;
    }

    private void Program(int offset, ReadOnlySpan<byte> bytes)
    {
        var room = Math.Min(bytes.Length, _content.Length - offset);
        for (var i = 0; i < room; i++)
            _content[offset + i] &= bytes[i];
        _backend.Write(offset, _content.AsSpan(offset, room));
        End(FlashStatus.Ready);
    }

    private void Erase()
    {
        var block = _target / BlockSize * BlockSize;
        _content.AsSpan(block, BlockSize).Fill(Erased);
        _backend.Write(block, _content.AsSpan(block, BlockSize));
        End(FlashStatus.Ready);
    }

    /// <summary>An operation is over; errors stay until they are cleared.</summary>
    private void End(byte status) => (_mode, _status) = (FlashMode.Status, (byte)(_status | status));
}
