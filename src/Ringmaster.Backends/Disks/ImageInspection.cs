using Ringmaster.Backends.Disks.Files;
using Ringmaster.Backends.Disks.Qcow2.Format;
using Ringmaster.Backends.Disks.Qcow2.Snapshots;
using Ringmaster.Backends.Disks.Raw;

namespace Ringmaster.Backends.Disks;

/// <summary>Looks at images without opening what they are based on. Images in use may be looked at.</summary>
public static class ImageInspection
{
    /// <summary>The format of a file by its content.</summary>
    /// <exception cref="DiskImageException">It cannot be read, or has a format that this program does not have.</exception>
    public static DiskFormat FormatOf(string path)
    {
        using var file = ImageFile.Open(path, isReadOnly: true, DiskCache.WriteBack, locks: false);
        return FormatProbe.Of(file);
    }

    /// <summary>Describes an image.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">Its format; null to go by its content.</param>
    /// <exception cref="DiskImageException">It cannot be read, is damaged or has a format that this program does not have.</exception>
    public static ImageInfo Describe(string path, DiskFormat? format = null)
    {
        using var file = ImageFile.Open(path, isReadOnly: true, DiskCache.WriteBack, locks: false);
        var allocated = file.AllocatedLength();
        if ((format ?? FormatProbe.Of(file)) == DiskFormat.Raw)
        {
            using var raw = new RawImage(file);
            return new ImageInfo(path, DiskFormat.Raw, raw.Length, file.Length) { AllocatedLength = allocated };
        }
        var header = new Qcow2HeaderReader(path).Read(file);
        return new ImageInfo(path, DiskFormat.Qcow2, header.Size, file.Length)
        {
            AllocatedLength = allocated,
            Version = header.Version,
            ClusterSize = header.Layout.ClusterSize,
            RefcountBits = header.Layout.RefcountBits,
            Compression = header.Compression == Qcow2Compression.Zstandard ? "zstd" : "deflate",
            BackingFile = header.BackingFile,
            BackingFormat = header.BackingFormat,
            IsDirty = header.IsDirty,
            IsCorrupt = header.IsCorrupt,
            Snapshots = [.. SnapshotTable.Read(file, header).Select(s => Describe(s, header))],
        };
    }

    private static SnapshotInfo Describe(Qcow2Snapshot snapshot, Qcow2Header header) =>
        new(snapshot.Id, snapshot.Name, DateTimeOffset.FromUnixTimeSeconds(snapshot.Seconds).AddTicks(snapshot.Nanoseconds / 100),
            snapshot.Size ?? header.Size, snapshot.MachineStateSize);
}
