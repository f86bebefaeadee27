using Ringmaster.Backends.Disks.Qcow2.Format;
using Ringmaster.Backends.Disks.Qcow2.Snapshots;
using Ringmaster.Backends.Disks.Qcow2.Tables;

namespace Ringmaster.Backends.Disks.Qcow2;

/// <summary>Snapshots inside the image. A snapshot is an L1 table of its own whose clusters are all used once more.</summary>
internal sealed partial class Qcow2Image
{
    internal IReadOnlyList<Qcow2Snapshot> Snapshots
    {
        get
        {
            _lock.EnterReadLock();
            try
            {
                return SnapshotTable.Read(_file, Header);
            }
            finally
            {
                _lock.ExitReadLock();
            }
        }
    }

    /// <summary>Keeps the disk's present content under a name.</summary>
    internal void CreateSnapshot(string name, DateTimeOffset time) => Change(() =>
    {
        var snapshots = SnapshotTable.Read(_file, Header);
        if (snapshots.Count >= Qcow2HeaderReader.MostSnapshots)
            throw new DiskImageException($"{_file.Path} has as many snapshots as fit. Delete some first.");
        var uses = new SnapshotUses(_tables);
        uses.ThrowIfTooMany(_tables.L1);
        uses.Share(_tables.L1);
        var clusters = _tables.Layout.ClustersFor((long)_tables.L1.Count * sizeof(ulong));
        var offset = clusters == 0 ? 0 : _tables.Allocator.AllocateRun(clusters);
        if (clusters > 0)
            _file.Write(offset, _tables.L1.ToBytes());
        var snapshot = new Qcow2Snapshot(NextId(snapshots), name, offset, _tables.L1.Count)
        {
            Seconds = (uint)Math.Clamp(time.ToUnixTimeSeconds(), 0, uint.MaxValue),
            Nanoseconds = (uint)(time.Ticks % TimeSpan.TicksPerSecond * 100),
            Size = Header.Size,
        };
        SwitchSnapshots([.. snapshots, snapshot]);
        _tables.Commit();
    });

    /// <summary>Makes the disk's content that of a snapshot, which stays.</summary>
    internal void ApplySnapshot(Qcow2Snapshot snapshot) => Change(() =>
    {
        var table = _tables.ReadL1(snapshot.L1Offset, snapshot.L1Size);
        var size = snapshot.Size ?? Header.Size;
        var uses = new SnapshotUses(_tables);
        uses.ThrowIfTooMany(table);
        uses.Share(table);
        var entries = new ulong[Math.Max(table.Count, _tables.Layout.L1EntriesFor(size))];
        table.Entries.CopyTo(entries);
        var old = _tables.L1;
        SwitchL1(entries, size);
        uses.Free(old);
        _tables.Commit();
        uses.UpdateFlags();
        _tables.Commit();
    });

    /// <summary>Forgets a snapshot and gives back what only it used.</summary>
    internal void DeleteSnapshot(Qcow2Snapshot snapshot) => Change(() =>
    {
        var table = _tables.ReadL1(snapshot.L1Offset, snapshot.L1Size);
        SwitchSnapshots([.. SnapshotTable.Read(_file, Header).Where(s => s.Id != snapshot.Id)]);
        var uses = new SnapshotUses(_tables);
        uses.Free(table);
        if (table.Count > 0)
            _tables.Allocator.Free(table.Offset, _tables.Layout.ClustersFor((long)table.Count * sizeof(ulong)));
        _tables.Commit();
        uses.UpdateFlags();
        _tables.Commit();
    });

    private static string NextId(IReadOnlyList<Qcow2Snapshot> snapshots)
    {
        var last = snapshots.Select(s => uint.TryParse(s.Id, out var number) ? number : 0).DefaultIfEmpty().Max();
        return $"{(ulong)last + 1}";
    }
}
