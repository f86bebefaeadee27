using Ringmaster.Devices.State;

namespace Ringmaster.Devices.Storage.Ide;

/// <summary>
/// The registers by which a command is given to a drive and answered (ATA/ATAPI-7 volume 2, 5.2). Each is two bytes deep: 48-bit
/// commands use what was written before, too.
/// </summary>
internal sealed class TaskFile
{
    public const int Data = 0, Features = 1, Error = 1, Count = 2, Low = 3, Mid = 4, High = 5, Device = 6, Command = 7, Status = 7;

    /// <summary>Bit 6 of the device register: the address is a block number, not cylinder, head and sector.</summary>
    public const byte DeviceLba = 0x40;

    private const int Registers = 7;

    private readonly byte[] _current = new byte[Registers], _previous = new byte[Registers];

    public byte ErrorBits { get; set; }

    public byte FeatureBits => _current[Features];

    public byte DeviceBits
    {
        get => _current[Device];
        set => _current[Device] = value;
    }

    /// <summary>Whether the 28-bit address is a block number.</summary>
    public bool IsLba => (DeviceBits & DeviceLba) != 0;

    public int Head => DeviceBits & 0x0F;

    public byte CountByte
    {
        get => _current[Count];
        set => _current[Count] = value;
    }

    public byte LowByte => _current[Low];

    /// <summary>The registers of the middle and the high address byte together: cylinder, byte count of a packet command.</summary>
    public ushort Cylinder
    {
        get => (ushort)(_current[Mid] | _current[High] << 8);
        set => (_current[Mid], _current[High]) = ((byte)value, (byte)(value >> 8));
    }

    public uint Address28 => LowByte | (uint)Cylinder << 8 | (uint)Head << 24;

    public ulong Address48 =>
        LowByte | (uint)Cylinder << 8 | (ulong)_previous[Low] << 24 | (ulong)_previous[Mid] << 32 | (ulong)_previous[High] << 40;

    /// <summary>Sectors of a 28-bit command; 0 stands for 256.</summary>
    public uint Sectors28 => CountByte == 0 ? 256u : CountByte;

    /// <summary>Sectors of a 48-bit command; 0 stands for 65536.</summary>
    public uint Sectors48 => Count48 == 0 ? 65536u : Count48;

    public ushort Count48 => (ushort)(CountByte | _previous[Count] << 8);

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

    public void Set28(uint address)
    {
        _current[Low] = (byte)address;
        Cylinder = (ushort)(address >> 8);
        DeviceBits = (byte)((DeviceBits & 0xF0u) | (address >> 24 & 0x0F));
    }

    public void Set48(ulong address)
    {
        _current[Low] = (byte)address;
        Cylinder = (ushort)(address >> 8);
        (_previous[Low], _previous[Mid], _previous[High]) = ((byte)(address >> 24), (byte)(address >> 32), (byte)(address >> 40));
    }

    public void SetChs(int cylinder, int head, int sector)
    {
        _current[Low] = (byte)sector;
        Cylinder = (ushort)cylinder;
        DeviceBits = (byte)((DeviceBits & 0xF0) | (head & 0x0F));
    }

    /// <summary>What tells drivers after a reset what kind of drive it is (ATA/ATAPI-7 volume 1, 5.15.3 "Signature").</summary>
    public void SetSignature(bool isPacket)
    {
        Array.Clear(_previous);
        (CountByte, _current[Low], Cylinder) = (1, 1, isPacket ? (ushort)0xEB14 : (ushort)0);
        DeviceBits &= 0x10;
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
}
