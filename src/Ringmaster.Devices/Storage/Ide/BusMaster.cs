using Ringmaster.Devices.Dma;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Storage.Ide;

/// <summary>
/// A channel's half of the bus master (PIIX3 data sheet 2.7, "Programming Interface for Bus Master IDE Controller" 1.0): command,
/// status, and the address of a table of physical region descriptors.
/// </summary>
/// <remarks>
/// The bit for the direction is kept, but the drive decides: what happens when the two disagree is not defined. A transfer goes
/// on from where the table has brought it when a drive takes it in several parts.
/// </remarks>
internal sealed class BusMaster
{
    /// <summary>Ports of a channel.</summary>
    public const int Size = 8;

    private const int StatusRegister = 2, TableRegister = 4;
    private const byte Start = 0x01, Writable = 0x09;
    private const byte Active = 0x01, Error = 0x02, Interrupt = 0x04, Clearable = Error | Interrupt, Capable = 0x60;
    private const uint LastRegion = 0x8000_0000, Region64K = 0x1_0000;

    private readonly DmaSpace _memory;
    private readonly IdeChannel _channel;
    private readonly Func<bool> _isEnabled;
    private byte _command, _status;
    private uint _table;
    private PrdCursor _cursor;

    /// <summary>Joins the channel.</summary>
    /// <param name="memory">Where tables and data are.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="isEnabled">Whether the function may access memory.</param>
    public BusMaster(DmaSpace memory, IdeChannel channel, Func<bool> isEnabled)
    {
        (_memory, _channel, _isEnabled) = (memory, channel, isEnabled);
        channel.BusMaster = this;
    }

    /// <summary>Whether it moves what a drive asks for.</summary>
    public bool IsReady => (_status & Active) != 0 && _isEnabled();

    public byte Read(int register) => register switch
    {
        0 => _command,
        StatusRegister => _status,
        >= TableRegister => (byte)(_table >> (8 * (register - TableRegister))),
        _ => 0,
    };

    public void Write(int register, byte value)
    {
        switch (register)
        {
            case 0:
                WriteCommand((byte)(value & Writable));
                break;
            case StatusRegister:
                _status = (byte)((_status & ~(value & Clearable) & ~Capable) | (value & Capable));
                break;
            case >= TableRegister:
                var shift = 8 * (register - TableRegister);
                _table = ((_table & ~(0xFFu << shift)) | (uint)value << shift) & ~3u;
                break;
        }
    }

    /// <summary>The drive has raised its interrupt; all its data is in memory by then.</summary>
    public void NoteInterrupt() => _status |= Interrupt;

    /// <summary>Looks up the memory that comes next.</summary>
    /// <param name="most">Bytes that the drive would move.</param>
    /// <param name="toMemory">Whether memory will be written.</param>
    /// <param name="unit">The drive moves multiples of so many bytes.</param>
    public DmaGrant Grant(int most, bool toMemory, int unit)
    {
        var grant = Walk(most, toMemory);
        if (grant.Length % unit == 0)
            return grant;
        var whole = grant.Length - grant.Length % unit;
        var again = Walk(whole, toMemory);
        // Another processor may have changed the table meanwhile.
        return again.Length == whole ? again with { End = grant.End } : again with { Length = 0, End = DmaEnd.Fault };
    }

    /// <summary>The drive has moved all that a grant gave it.</summary>
    /// <param name="grant">The grant.</param>
    /// <param name="toMemory">Whether memory was written.</param>
    public void Commit(DmaGrant grant, bool toMemory)
    {
        _cursor = grant.After;
        if (toMemory)
        {
            foreach (var (address, length) in grant.Regions)
                _memory.NoteWritten(address, length);
        }
        if (grant.End != DmaEnd.Unknown)
            Halt(grant.End);
        else if (_cursor is { Left: 0, IsLast: true })
            _status &= unchecked((byte)~Active);
    }

    /// <summary>Ends the transfer where the table ends or is wrong; a drive that is not done waits.</summary>
    public void Halt(DmaEnd end)
    {
        _status &= unchecked((byte)~Active);
        if (end == DmaEnd.Fault)
            _status |= Error;
    }

    public void Reset() => (_command, _status, _table, _cursor) = (0, 0, 0, default);

    public BusMasterState Capture() => new(_command, _status, _table, _cursor);

    public void Apply(BusMasterState state)
    {
        _command = (byte)(state.Command & Writable);
        _status = (byte)(state.Status & (Active | Clearable | Capable));
        _table = state.Table & ~3u;
        _cursor = state.Cursor with { Next = state.Cursor.Next & ~3u, Left = Math.Min(state.Cursor.Left, Region64K) };
    }

    private void WriteCommand(byte value)
    {
        var changed = value ^ _command;
        _command = value;
        if ((changed & Start) == 0)
            return;
        if ((value & Start) != 0)
        {
            _status |= Active;
            _cursor = new PrdCursor(_table, 0, 0, IsLast: false);
            _channel.ServeDma();
        }
        else if ((_status & Active) != 0)
        {
            _status &= unchecked((byte)~Active);
            _channel.StopDma();
        }
    }

    private DmaGrant Walk(int most, bool toMemory)
    {
        var pieces = new List<Memory<byte>>();
        var regions = new List<(GuestPhysicalAddress, uint)>();
        var (cursor, length, end) = (_cursor, 0, DmaEnd.Unknown);
        while (length < most)
        {
            if (cursor.Left == 0)
            {
                end = Fetch(ref cursor);
                if (end != DmaEnd.Unknown)
                    break;
            }
            var part = Math.Min(cursor.Left, (uint)(most - length));
            var address = new GuestPhysicalAddress(cursor.Address);
            if (!TryUse(address, part, toMemory, pieces))
            {
                end = DmaEnd.Fault;
                break;
            }
            regions.Add((address, part));
            cursor = cursor with { Address = cursor.Address + part, Left = cursor.Left - part };
            length += (int)part;
        }
        return new DmaGrant(length, pieces, regions, cursor, end);
    }

    /// <summary>Goes on to the next descriptor. A table does not cross a boundary of 64 KiB, which bounds it (PIIX3 2.7.3).</summary>
    private DmaEnd Fetch(ref PrdCursor cursor)
    {
        const uint descriptor = 8;
        if (cursor.IsLast || cursor.Next / Region64K != _table / Region64K)
            return DmaEnd.Exhausted;
        var at = new GuestPhysicalAddress(cursor.Next);
        if (!_memory.TryRead(at, out uint address) || !_memory.TryRead(at + 4, out uint control))
            return DmaEnd.Fault;
        var count = control & 0xFFFE;
        cursor = new PrdCursor(cursor.Next + descriptor, address & ~1u, count == 0 ? Region64K : count, (control & LastRegion) != 0);
        return DmaEnd.Unknown;
    }

    /// <summary>RAM is used in place. ROM can be read as well, from a copy.</summary>
    private bool TryUse(GuestPhysicalAddress address, uint length, bool toMemory, List<Memory<byte>> pieces)
    {
        if (_memory.TryMap(address, length, pieces))
            return true;
        var copy = new byte[toMemory ? 0 : length];
        if (toMemory || !_memory.TryRead(address, copy))
            return false;
        pieces.Add(copy);
        return true;
    }
}
