using Ringmaster.Devices.State;

namespace Ringmaster.Devices.Pci;

/// <summary>
/// MSI-X (PCI Local Bus 3.0 section 6.8.2): the table of messages in the lower half of its block, the pending bits in the upper.
/// </summary>
public sealed class MsixTable : IRegisterBlock
{
    /// <summary>The most vectors of a function.</summary>
    public const int Most = 2048;

    private const byte CapabilityId = 0x11;
    private const int EntrySize = 16, ControlWord = 3;
    private const ushort Enable = 0x8000, FunctionMask = 0x4000;
    private const uint VectorMask = 1;

    private readonly PciConfigSpace _config;
    private readonly Action<ulong, uint> _send;
    private readonly uint[] _table;
    private readonly ulong[] _pending;
    private readonly int _capability;

    /// <summary>Adds the capability.</summary>
    /// <param name="config">The function's configuration space.</param>
    /// <param name="vectors">1 to <see cref="Most"/>.</param>
    /// <param name="bar">Which base address register the block is behind.</param>
    /// <param name="send">Sends a message.</param>
    internal MsixTable(PciConfigSpace config, int vectors, int bar, Action<ulong, uint> send)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(vectors);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(vectors, Most);
        (_config, _send, VectorCount) = (config, send, vectors);
        _table = new uint[vectors * (EntrySize / 4)];
        _pending = new ulong[(vectors + 63) / 64];
        BlockSize = 4096;
        while (BlockSize / 2 < (ulong)(vectors * EntrySize))
            BlockSize *= 2;
        _capability = config.AddCapability(CapabilityId, 12);
        config.Define(_capability + 2, 2, (uint)(vectors - 1), Enable | FunctionMask);
        config.Define(_capability + 4, 4, (uint)bar);
        config.Define(_capability + 8, 4, (uint)(BlockSize / 2) | (uint)bar);
        Reset();
    }

    /// <summary>How many vectors there are.</summary>
    public int VectorCount { get; }

    /// <summary>Bytes of the block.</summary>
    public ulong BlockSize { get; }

    /// <summary>Whether the function interrupts by MSI-X, and not by its pin.</summary>
    public bool IsEnabled => (Control & Enable) != 0;

    private uint Control => _config.Read(_capability + 2, 2);

    /// <summary>Interrupts by a vector, now or when it is not masked any more.</summary>
    /// <param name="vector">One that there is not is ignored.</param>
    public void Signal(int vector)
    {
        if ((uint)vector >= (uint)VectorCount || !IsEnabled)
            return;
        if ((Control & FunctionMask) != 0 || (_table[vector * 4 + ControlWord] & VectorMask) != 0)
            _pending[vector / 64] |= 1UL << (vector % 64);
        else
            Send(vector);
    }

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        ulong value = 0;
        for (var i = 0; i < size; i++)
            value |= (ulong)ReadByte(offset + (ulong)i) << (8 * i);
        return value;
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        if (offset >= (ulong)(_table.Length * 4))
            return;
        // Software uses aligned accesses of 4 or 8 bytes; what others do is not defined, and here they are merged.
        for (var i = 0; i < size; i++)
        {
            var at = (int)(offset + (ulong)i);
            if (at >= _table.Length * 4)
                break;
            ref var word = ref _table[at / 4];
            var shift = at % 4 * 8;
            word = (word & ~(0xFFu << shift)) | (uint)((value >> (8 * i)) & 0xFF) << shift;
            if (at % 4 == 3 || i == size - 1)
                Tidy(at / 4);
        }
    }

    /// <summary>The enable or mask bit of the function may have changed.</summary>
    internal void ControlChanged()
    {
        if (!IsEnabled || (Control & FunctionMask) != 0)
            return;
        for (var vector = 0; vector < VectorCount; vector++)
            SendPending(vector);
    }

    internal void Reset()
    {
        Array.Clear(_table);
        Array.Clear(_pending);
        for (var i = ControlWord; i < _table.Length; i += 4)
            _table[i] = VectorMask;
    }

    internal (uint[] Table, ulong[] Pending) Capture() => ([.. _table], [.. _pending]);

    internal void Check(string name, uint[]? table, ulong[]? pending)
    {
        if (table?.Length != _table.Length || pending?.Length != _pending.Length)
            throw new SavedStateException($"{name}: the saved state does not have {VectorCount} MSI-X vectors.");
    }

    internal void Apply(uint[] table, ulong[] pending)
    {
        table.CopyTo(_table, 0);
        pending.CopyTo(_pending, 0);
        for (var i = 0; i < _table.Length; i += 4)
            (_table[i], _table[i + ControlWord]) = (_table[i] & ~3u, _table[i + ControlWord] & VectorMask);
        if (VectorCount % 64 != 0)
            _pending[^1] &= (1UL << (VectorCount % 64)) - 1;
    }

    private byte ReadByte(ulong offset)
    {
        if (offset < (ulong)(_table.Length * 4))
            return (byte)(_table[offset / 4] >> (int)(offset % 4 * 8));
        var pending = offset - BlockSize / 2;
        return offset >= BlockSize / 2 && pending < (ulong)(_pending.Length * 8) ? (byte)(_pending[pending / 8] >> (int)(pending % 8 * 8)) : (byte)0;
    }

    /// <summary>Takes back what cannot be written, and sends what an unmasked vector has held back.</summary>
    private void Tidy(int word)
    {
        if (word % 4 == 0)
            _table[word] &= ~3u;
        if (word % 4 != ControlWord)
            return;
        _table[word] &= VectorMask;
        if (IsEnabled && (Control & FunctionMask) == 0)
            SendPending(word / 4);
    }

    private void SendPending(int vector)
    {
        var bit = 1UL << (vector % 64);
        if ((_pending[vector / 64] & bit) == 0 || (_table[vector * 4 + ControlWord] & VectorMask) != 0)
            return;
        _pending[vector / 64] &= ~bit;
        Send(vector);
    }

    private void Send(int vector) => _send(_table[vector * 4] | (ulong)_table[vector * 4 + 1] << 32, _table[vector * 4 + 2]);
}
