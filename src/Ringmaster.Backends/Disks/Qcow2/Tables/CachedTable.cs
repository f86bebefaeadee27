using System.Buffers.Binary;

namespace Ringmaster.Backends.Disks.Qcow2.Tables;

/// <summary>A cluster of the file that holds an L2 table or reference counts, in memory.</summary>
internal sealed class CachedTable(long offset, byte[] bytes)
{
    private int _dirtyFrom = bytes.Length;
    private int _dirtyTo;

    /// <summary>The cluster's offset in the file.</summary>
    internal long Offset { get; } = offset;

    /// <summary>When the table was asked for last, by the cache's count.</summary>
    internal long Used { get; set; }

    internal bool IsDirty => _dirtyTo > _dirtyFrom;

    /// <summary>The content, to be read only.</summary>
    internal ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>The bytes that the file does not have yet, and where they begin.</summary>
    internal (int From, ReadOnlyMemory<byte> Bytes) Dirty => (_dirtyFrom, bytes.AsMemory(_dirtyFrom, _dirtyTo - _dirtyFrom));

    /// <summary>An entry of eight bytes.</summary>
    internal ulong this[int index]
    {
        get => BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(index * sizeof(ulong)));
        set => BinaryPrimitives.WriteUInt64BigEndian(Change(index * sizeof(ulong), sizeof(ulong)), value);
    }

    /// <summary>Some bytes to be changed.</summary>
    internal Span<byte> Change(int at, int count)
    {
        _dirtyFrom = Math.Min(_dirtyFrom, at);
        _dirtyTo = Math.Max(_dirtyTo, at + count);
        return bytes.AsSpan(at, count);
    }

    internal void Clean() => (_dirtyFrom, _dirtyTo) = (bytes.Length, 0);
}
