using System.Buffers.Binary;

namespace Ringmaster.Devices.Pci;

/// <summary>A function's configuration space: bytes, and which of their bits software can write, or clear by writing ones.</summary>
public sealed class PciConfigSpace
{
    /// <summary>Bytes that the mechanism by ports reaches.</summary>
    public const int ConventionalSize = 256;

    /// <summary>Bytes that ECAM reaches.</summary>
    public const int Size = 4096;

    private const int FirstCapability = 0x40;

    private readonly byte[] _values = new byte[Size];
    private readonly byte[] _writable = new byte[Size];
    private readonly byte[] _clearable = new byte[Size];
    private byte[]? _initial;
    private int _lastCapability;
    private int _free = FirstCapability;

    /// <summary>Reads, without effects.</summary>
    /// <param name="offset">The first byte; what lies behind <see cref="Size"/> reads as ones.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    public uint Read(int offset, int size)
    {
        uint value = 0;
        for (var i = 0; i < size; i++)
            value |= (uint)(offset + i < Size ? _values[offset + i] : 0xFF) << (8 * i);
        return value;
    }

    /// <summary>Writes what software can write.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    /// <param name="value">Bytes above <paramref name="size"/> are ignored.</param>
    public void Write(int offset, int size, uint value)
    {
        for (var i = 0; i < size && offset + i < Size; i++)
        {
            var written = (byte)(value >> (8 * i));
            ref var cell = ref _values[offset + i];
            cell = (byte)((cell & ~_writable[offset + i]) | (written & _writable[offset + i]));
            cell &= (byte)~(written & _clearable[offset + i]);
        }
    }

    /// <summary>Sets a value, whatever software can write.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    /// <param name="value">The value.</param>
    public void Set(int offset, int size, uint value)
    {
        for (var i = 0; i < size; i++)
            _values[offset + i] = (byte)(value >> (8 * i));
    }

    /// <summary>Describes a register while the function is built.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    /// <param name="value">What it holds after reset.</param>
    /// <param name="writable">The bits that software can write.</param>
    /// <param name="clearable">The bits that software clears by writing ones.</param>
    public void Define(int offset, int size, uint value, uint writable = 0, uint clearable = 0)
    {
        Set(offset, size, value);
        for (var i = 0; i < size; i++)
        {
            _writable[offset + i] = (byte)(writable >> (8 * i));
            _clearable[offset + i] = (byte)(clearable >> (8 * i));
        }
    }

    /// <summary>Appends a capability to the list (PCI Local Bus 3.0 section 6.7).</summary>
    /// <param name="id">Its ID.</param>
    /// <param name="length">Bytes, with the two of its header.</param>
    /// <returns>Its offset.</returns>
    public int AddCapability(byte id, int length)
    {
        var offset = (_free + 3) & ~3;
        if (offset + length > ConventionalSize)
            throw new InvalidOperationException($"Capability {id:x2}h of {length} bytes does not fit any more.");
        Set(offset, 1, id);
        if (_lastCapability == 0)
        {
            Set(PciRegister.Capabilities, 1, (uint)offset);
            Set(PciRegister.Status, 2, Read(PciRegister.Status, 2) | PciRegister.StatusCapabilities);
        }
        else
        {
            Set(_lastCapability + 1, 1, (uint)offset);
        }
        _lastCapability = offset;
        _free = offset + length;
        return offset;
    }

    /// <summary>Goes back to what was defined. The first call fixes what that is.</summary>
    public void Reset()
    {
        _initial ??= [.. _values];
        _initial.CopyTo(_values, 0);
    }

    /// <summary>The bytes that are not as after reset, by offset.</summary>
    public IReadOnlyDictionary<int, byte> Capture()
    {
        var initial = _initial ?? throw new InvalidOperationException("A function is reset before its state is taken.");
        var changed = new Dictionary<int, byte>();
        for (var i = 0; i < Size; i++)
        {
            if (_values[i] != initial[i])
                changed[i] = _values[i];
        }
        return changed;
    }

    /// <summary>Takes on captured bytes; those that software could not have changed stay as they are.</summary>
    /// <param name="state">What was captured.</param>
    public void Apply(IReadOnlyDictionary<int, byte> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Reset();
        foreach (var (offset, value) in state)
        {
            if ((uint)offset >= Size)
                continue;
            var mask = (byte)(_writable[offset] | _clearable[offset]);
            _values[offset] = (byte)((_values[offset] & ~mask) | (value & mask));
        }
    }

    /// <summary>Reads the 32 bits at an aligned offset.</summary>
    internal uint Doubleword(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_values.AsSpan(offset));
}
