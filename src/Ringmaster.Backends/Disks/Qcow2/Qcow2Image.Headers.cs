using System.Buffers.Binary;
using Ringmaster.Backends.Disks.Qcow2.Format;
using Ringmaster.Backends.Disks.Qcow2.Snapshots;
using Ringmaster.Backends.Disks.Qcow2.Tables;

namespace Ringmaster.Backends.Disks.Qcow2;

/// <summary>Changes of what the header names. New structures are in the file before the header names them.</summary>
internal sealed partial class Qcow2Image
{
    /// <summary>Goes over to another L1 table, and perhaps another size of the disk.</summary>
    private void SwitchL1(ReadOnlySpan<ulong> entries, long size)
    {
        var layout = _tables.Layout;
        var old = _tables.L1;
        var clusters = layout.ClustersFor((long)entries.Length * sizeof(ulong));
        var offset = clusters == 0 ? 0 : _tables.Allocator.AllocateRun(clusters);
        var table = new L1Table(offset, entries.ToArray());
        if (clusters > 0)
            _file.Write(offset, table.ToBytes());
        Span<byte> fields = stackalloc byte[24];
        BinaryPrimitives.WriteInt64BigEndian(fields, size);
        BinaryPrimitives.WriteInt32BigEndian(fields[12..], entries.Length);
        BinaryPrimitives.WriteInt64BigEndian(fields[16..], offset);
        _tables.WriteHeader(Header with { Size = size, L1Size = entries.Length, L1Offset = offset }, Qcow2Header.SizeAt, fields);
        _tables.UseL1(table);
        if (old.Count > 0)
            _tables.Allocator.Free(old.Offset, layout.ClustersFor((long)old.Count * sizeof(ulong)));
    }

    private void SwitchSnapshots(IReadOnlyList<Qcow2Snapshot> snapshots)
    {
        var layout = _tables.Layout;
        SnapshotTable.Read(_file, Header, out var oldLength);
        var bytes = SnapshotTable.ToBytes(snapshots, Header.Size);
        var offset = bytes.Length == 0 ? 0 : _tables.Allocator.AllocateRun(layout.ClustersFor(bytes.Length));
        if (bytes.Length > 0)
            _file.Write(offset, bytes);
        var (oldOffset, oldCount) = (Header.SnapshotsOffset, Header.SnapshotCount);
        Span<byte> fields = stackalloc byte[12];
        BinaryPrimitives.WriteInt32BigEndian(fields, snapshots.Count);
        BinaryPrimitives.WriteInt64BigEndian(fields[4..], offset);
        _tables.WriteHeader(Header with { SnapshotCount = snapshots.Count, SnapshotsOffset = offset }, Qcow2Header.SnapshotsAt, fields);
        _tables.Metadata.Add(offset, bytes.Length);
        if (oldCount > 0)
            _tables.Allocator.Free(oldOffset, layout.ClustersFor(oldLength));
    }
}
