using Ringmaster.Backends.Disks.Files;

namespace Ringmaster.Backends.Disks.Qcow2.Tables;

/// <summary>Tables of one cluster each that were used lately. Changed ones stay until they are written.</summary>
/// <remarks>
/// Threads that only read may ask for tables at once: the image's lock keeps them apart from a thread that changes one, so a table
/// that two of them load is the same twice.
/// </remarks>
internal sealed class TableCache(ImageFile file, int tableSize, int capacity)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, CachedTable> _tables = [];
    private readonly HashSet<CachedTable> _dirty = [];
    private long _uses;

    /// <summary>Whether there are so many changed tables that they should be written.</summary>
    internal bool IsCrowded => _dirty.Count > capacity / 2;

    internal bool IsDirty => _dirty.Count > 0;

    /// <summary>The capacity for tables of a size: as many as fit some memory, but never so few that they push each other out.</summary>
    internal static int CapacityFor(int tableSize, int memory) => Math.Clamp(memory / tableSize, 8, 16384);

    /// <summary>A table of the file.</summary>
    /// <exception cref="DiskImageException">The file ends before the table.</exception>
    internal CachedTable Get(long offset)
    {
        lock (_lock)
        {
            if (_tables.TryGetValue(offset, out var known))
            {
                known.Used = ++_uses;
                return known;
            }
        }
        if (offset >= file.Length)
            throw Qcow2Damage.Found(file.Path, "the file is cut short, or a table is said to lie behind its end");
        var bytes = GC.AllocateUninitializedArray<byte>(tableSize);
        file.Read(offset, bytes);
        return Keep(new CachedTable(offset, bytes));
    }

    /// <summary>Whether a table is in memory.</summary>
    internal bool Has(long offset)
    {
        lock (_lock)
            return _tables.ContainsKey(offset);
    }

    /// <summary>A new table of zeros, which the file does not have yet.</summary>
    internal CachedTable Create(long offset)
    {
        Forget(offset);
        var table = Keep(new CachedTable(offset, new byte[tableSize]));
        table.Change(0, tableSize);
        _dirty.Add(table);
        return table;
    }

    /// <summary>Notes that a table was changed.</summary>
    internal void Changed(CachedTable table) => _dirty.Add(table);

    /// <summary>Drops a table that is no more, whether it was changed or not.</summary>
    internal void Forget(long offset)
    {
        lock (_lock)
        {
            if (_tables.Remove(offset, out var table))
                _dirty.Remove(table);
        }
    }

    /// <summary>Writes what was changed, in the order of the file.</summary>
    internal void Write()
    {
        foreach (var table in _dirty.OrderBy(t => t.Offset).ToList())
        {
            var (from, bytes) = table.Dirty;
            file.Write(table.Offset + from, bytes.Span);
            table.Clean();
            _dirty.Remove(table);
        }
    }

    private CachedTable Keep(CachedTable table)
    {
        lock (_lock)
        {
            if (_tables.TryGetValue(table.Offset, out var other))
                return other;
            if (_tables.Count >= capacity)
                MakeRoom();
            table.Used = ++_uses;
            _tables.Add(table.Offset, table);
            return table;
        }
    }

    /// <summary>Drops the older half of the clean tables: seldom, and so cheaply on average.</summary>
    private void MakeRoom()
    {
        var clean = _tables.Values.Where(t => !t.IsDirty).OrderBy(t => t.Used).ToList();
        foreach (var table in clean.Take((clean.Count + 1) / 2))
            _tables.Remove(table.Offset);
    }
}
