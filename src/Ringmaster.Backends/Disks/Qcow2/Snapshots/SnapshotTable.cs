using System.Buffers.Binary;
using System.Text;
using Ringmaster.Backends.Disks.Files;
using Ringmaster.Backends.Disks.Qcow2.Format;

namespace Ringmaster.Backends.Disks.Qcow2.Snapshots;

/// <summary>Reads and writes the list of snapshots.</summary>
internal static class SnapshotTable
{
    private const int FixedLength = 40, LargestExtra = 1024, LargestTable = 64 * 1024 * 1024;

    /// <summary>Reads all entries.</summary>
    /// <exception cref="DiskImageException">The list is damaged.</exception>
    internal static IReadOnlyList<Qcow2Snapshot> Read(ImageFile file, Qcow2Header header) => Read(file, header, out _);

    /// <summary>Reads all entries, and says how many bytes they take.</summary>
    internal static IReadOnlyList<Qcow2Snapshot> Read(ImageFile file, Qcow2Header header, out long length)
    {
        var snapshots = new List<Qcow2Snapshot>();
        var at = header.SnapshotsOffset;
        for (var i = 0; i < header.SnapshotCount; i++)
        {
            if (at + FixedLength > file.Length || at - header.SnapshotsOffset > LargestTable)
                throw Qcow2Damage.Found(file.Path, "its list of snapshots is cut short");
            var (snapshot, taken) = ReadOne(file, header, at);
            snapshots.Add(snapshot);
            at += taken;
        }
        length = at - header.SnapshotsOffset;
        return snapshots;
    }

    internal static byte[] ToBytes(IReadOnlyList<Qcow2Snapshot> snapshots, long currentSize)
    {
        var bytes = new MemoryStream();
        foreach (var snapshot in snapshots)
            bytes.Write(ToBytes(snapshot, currentSize));
        return bytes.ToArray();
    }

    private static (Qcow2Snapshot Snapshot, int Taken) ReadOne(ImageFile file, Qcow2Header header, long at)
    {
        var head = new byte[FixedLength];
        file.Read(at, head.AsSpan());
        var idLength = BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(12));
        var nameLength = BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(14));
        var extraLength = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(36));
        var l1Offset = BinaryPrimitives.ReadUInt64BigEndian(head);
        var l1Size = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(8));
        if (extraLength > LargestExtra)
            throw Qcow2Damage.Found(file.Path, "an entry of its list of snapshots is too long");
        if (l1Offset > long.MaxValue / 2 || !header.Layout.IsAligned((long)l1Offset) || l1Size > Qcow2HeaderReader.LargestL1 / sizeof(ulong))
            throw Qcow2Damage.Found(file.Path, "a snapshot's L1 table is out of bounds");
        var rest = new byte[extraLength + idLength + nameLength];
        file.Read(at + FixedLength, rest.AsSpan());
        var extra = rest.AsSpan(0, (int)extraLength);
        var size = extra.Length >= 16 ? BinaryPrimitives.ReadUInt64BigEndian(extra[8..]) : (ulong?)null;
        if (size > long.MaxValue / 2 || header.Layout.L1EntriesFor((long?)size ?? 0) > l1Size)
            throw Qcow2Damage.Found(file.Path, "a snapshot's L1 table is too short for its disk");
        var snapshot = new Qcow2Snapshot(
            Encoding.UTF8.GetString(rest, (int)extraLength, idLength),
            Encoding.UTF8.GetString(rest, (int)extraLength + idLength, nameLength), (long)l1Offset, (int)l1Size)
        {
            Seconds = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(16)),
            Nanoseconds = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(20)),
            GuestTime = BinaryPrimitives.ReadUInt64BigEndian(head.AsSpan(24)),
            MachineStateSize = extra.Length >= 8
                ? BinaryPrimitives.ReadUInt64BigEndian(extra)
                : BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(32)),
            Size = (long?)size,
            OtherExtra = extra.Length > 16 ? extra[16..].ToArray() : [],
        };
        return (snapshot, (FixedLength + rest.Length + 7) / 8 * 8);
    }

    private static byte[] ToBytes(Qcow2Snapshot snapshot, long currentSize)
    {
        var (id, name) = (Encoding.UTF8.GetBytes(snapshot.Id), Encoding.UTF8.GetBytes(snapshot.Name));
        var extraLength = 16 + snapshot.OtherExtra.Length;
        var bytes = new byte[(FixedLength + extraLength + id.Length + name.Length + 7) / 8 * 8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)snapshot.L1Offset);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), (uint)snapshot.L1Size);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(12), (ushort)id.Length);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(14), (ushort)name.Length);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(16), snapshot.Seconds);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(20), snapshot.Nanoseconds);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(24), snapshot.GuestTime);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(32), (uint)Math.Min(snapshot.MachineStateSize, uint.MaxValue));
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(36), (uint)extraLength);
        var extra = bytes.AsSpan(FixedLength);
        BinaryPrimitives.WriteUInt64BigEndian(extra, snapshot.MachineStateSize);
        BinaryPrimitives.WriteUInt64BigEndian(extra[8..], (ulong)(snapshot.Size ?? currentSize));
        snapshot.OtherExtra.CopyTo(extra[16..]);
        id.CopyTo(extra[extraLength..]);
        name.CopyTo(extra[(extraLength + id.Length)..]);
        return bytes;
    }
}
