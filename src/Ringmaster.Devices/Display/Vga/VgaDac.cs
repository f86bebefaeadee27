namespace Ringmaster.Devices.Display.Vga;

/// <summary>
/// The colour table and digital-to-analog converter behind ports 3C6h to 3C9h: 256 colours of three parts with 6 bits each, or 8
/// where the Bochs interface says so.
/// </summary>
internal sealed class VgaDac
{
    internal const int Colours = 256, TableSize = Colours * 3;

    private readonly byte[] _table = new byte[TableSize];
    private readonly uint[] _shown = new uint[Colours];
    private byte _readIndex;
    private byte _writeIndex;
    private byte _part;
    private bool _reading;
    private bool _hasEightBits;

    /// <summary>Port 3C6h: what pixels are masked with.</summary>
    internal byte Mask { get; set; } = 0xFF;

    /// <summary>Port 3C7h, read: what was written last, the read or the write index.</summary>
    internal byte State => _reading ? (byte)0x03 : (byte)0x00;

    /// <summary>Port 3C8h, read.</summary>
    internal byte WriteIndex => _writeIndex;

    /// <summary>Whether parts have 8 bits. Entries keep the bits that they have.</summary>
    internal bool HasEightBits
    {
        get => _hasEightBits;
        set
        {
            if (value == _hasEightBits)
                return;
            _hasEightBits = value;
            ShowAll();
        }
    }

    /// <summary>The colour of a pixel, 00RRGGBBh.</summary>
    internal uint this[int pixel] => _shown[pixel & Mask];

    internal void Reset()
    {
        Array.Clear(_table);
        _readIndex = _writeIndex = _part = 0;
        _reading = false;
        _hasEightBits = false;
        Mask = 0xFF;
        ShowAll();
    }

    internal void StartReading(byte index) => (_readIndex, _part, _reading) = (index, 0, true);

    internal void StartWriting(byte index) => (_writeIndex, _part, _reading) = (index, 0, false);

    internal byte Read()
    {
        var value = _table[_readIndex * 3 + _part];
        Advance(ref _readIndex);
        return value;
    }

    internal void Write(byte value)
    {
        _table[_writeIndex * 3 + _part] = _hasEightBits ? value : (byte)(value & 0x3F);
        Show(_writeIndex);
        Advance(ref _writeIndex);
    }

    internal VgaDacState Capture() => new([.. _table], _readIndex, _writeIndex, _part, _reading, Mask);

    /// <summary>Takes on a state whose table has <see cref="TableSize"/> bytes.</summary>
    internal void Restore(VgaDacState state, bool hasEightBits)
    {
        state.Table.CopyTo(_table, 0);
        _readIndex = state.ReadIndex;
        _writeIndex = state.WriteIndex;
        _part = (byte)(state.Part % 3);
        _reading = state.Reading;
        Mask = state.Mask;
        _hasEightBits = hasEightBits;
        ShowAll();
    }

    private void Advance(ref byte index)
    {
        if (++_part < 3)
            return;
        _part = 0;
        index++;
    }

    private void ShowAll()
    {
        for (var i = 0; i < Colours; i++)
            Show(i);
    }

    private void Show(int index)
    {
        var parts = _table.AsSpan(index * 3, 3);
        _shown[index] = (Widen(parts[0]) << 16) | (Widen(parts[1]) << 8) | Widen(parts[2]);
    }

    private uint Widen(byte part) => _hasEightBits ? part : (uint)(((part & 0x3F) << 2) | ((part & 0x3F) >> 4));
}
