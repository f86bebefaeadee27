using Ringmaster.Devices.State;
using Ringmaster.Devices.Storage.Ata;

namespace Ringmaster.Devices.Storage.Ide;

/// <summary>
/// The registers by which a command is given to a drive and answered (ATA/ATAPI-7 volume 2, 5.2). Each is two bytes deep: 48-bit
/// commands use what was written before, too.
/// </summary>
internal sealed class TaskFile
{
    public const int Data = 0, Features = 1, Error = 1, Count = 2, Low = 3, Mid = 4, High = 5, Device = 6, Command = 7, Status = 7;

    private const int Registers = 7;
    private const byte SecondDevice = 0x10;

    private readonly byte[] _current = new byte[Registers], _previous = new byte[Registers];

    public byte ErrorBits { get; set; }

    public byte CountByte
    {
        get => _current[Count];
        set => _current[Count] = value;
    }

    /// <summary>The registers of the middle and the high address byte together: cylinder, byte count of a packet command.</summary>
    public ushort Cylinder
    {
        get => (ushort)(_current[Mid] | _current[High] << 8);
        set => (_current[Mid], _current[High]) = ((byte)value, (byte)(value >> 8));
    }

    /// <summary>All of them, with what was written before as the upper bytes.</summary>
    public AtaCommand ToCommand(byte opcode) => new(
        opcode,
        Word(Features),
        _current[Low] | (uint)Cylinder << 8 | (ulong)_previous[Low] << 24 | (ulong)_previous[Mid] << 32 | (ulong)_previous[High] << 40,
        Word(Count),
        _current[Device]);

    public void Write(int register, byte value)
    {
        _previous[register] = _current[register];
        _current[register] = value;
    }

    /// <summary>Reads a register; the byte written before, if so asked, where there is one.</summary>
    public byte Read(int register, bool previous) => register switch
    {
        Error => ErrorBits,
        Count or Low or Mid or High when previous => _previous[register],
        _ => _current[register],
    };

    /// <summary>Puts in what a command returns in registers.</summary>
    public void Show(AtaAction action)
    {
        ErrorBits = (byte)(action.Error | action.Diagnosis);
        if (action.Lba is { } lba)
        {
            _current[Low] = (byte)lba;
            Cylinder = (ushort)(lba >> 8);
            (_previous[Low], _previous[Mid], _previous[High]) = ((byte)(lba >> 24), (byte)(lba >> 32), (byte)(lba >> 40));
        }
        if (action.Count is { } count)
            (_current[Count], _previous[Count]) = ((byte)count, (byte)(count >> 8));
        if (action.Device is { } device)
            _current[Device] = (byte)((_current[Device] & SecondDevice) | (device & ~SecondDevice));
    }

    public void Reset()
    {
        Array.Clear(_current);
        Array.Clear(_previous);
        ErrorBits = 0;
    }

    public TaskFileState Capture() => new([.. _current], [.. _previous], ErrorBits);

    public static void Check(string name, TaskFileState state)
    {
        if (state.Current.Length != Registers || state.Previous.Length != Registers)
            throw new SavedStateException($"{name}: the saved state does not have {Registers} registers a drive.");
    }

    public void Apply(TaskFileState state)
    {
        state.Current.CopyTo(_current, 0);
        state.Previous.CopyTo(_previous, 0);
        ErrorBits = state.Error;
    }

    private ushort Word(int register) => (ushort)(_current[register] | _previous[register] << 8);
}
