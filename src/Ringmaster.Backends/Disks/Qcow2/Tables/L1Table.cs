using System.Buffers.Binary;
using Ringmaster.Backends.Disks.Files;

namespace Ringmaster.Backends.Disks.Qcow2.Tables;

/// <summary>The table of L2 tables, in memory as a whole.</summary>
internal sealed class L1Table
{
    private readonly ulong[] _entries;
    private int _dirtyFrom = int.MaxValue;
    private int _dirtyTo;

    internal L1Table(long offset, ulong[] entries) => (Offset, _entries) = (offset, entries);

    /// <summary>Where it lies in the file.</summary>
    internal long Offset { get; }

    internal int Count => _entries.Length;

    internal bool IsDirty => _dirtyTo > _dirtyFrom;

    internal ReadOnlySpan<ulong> Entries => _entries;

    internal ulong this[int index]
    {
        get => _entries[index];
        set
        {
            _entries[index] = value;
            _dirtyFrom = Math.Min(_dirtyFrom, index);
            _dirtyTo = Math.Max(_dirtyTo, index + 1);
        }
    }

    /// <summary>Reads a table; what the file does not hold of it is zeros.</summary>
    internal static L1Table Read(ImageFile file, long offset, int count)
    {
        var bytes = new byte[count * sizeof(ulong)];
        if (count > 0)
            file.Read(offset, bytes);
        var entries = new ulong[count];
        for (var i = 0; i < count; i++)
            entries[i] = BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(i * sizeof(ulong)));
        return new L1Table(offset, entries);
    }

    internal byte[] ToBytes() => ToBytes(0, _entries.Length);

    /// <summary>Writes what was changed.</summary>
    internal void Write(ImageFile file)
    {
        if (!IsDirty)
            return;
        file.Write(Offset + (long)_dirtyFrom * sizeof(ulong), ToBytes(_dirtyFrom, _dirtyTo).AsSpan());
        (_dirtyFrom, _dirtyTo) = (int.MaxValue, 0);
    }

    private byte[] ToBytes(int from, int to)
    {
        var bytes = new byte[(to - from) * sizeof(ulong)];
        for (var i = from; i < to; i++)
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan((i - from) * sizeof(ulong)), _entries[i]);
        return bytes;
    }
}
