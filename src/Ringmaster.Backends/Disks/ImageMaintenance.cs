using Ringmaster.Backends.Disks.Files;
using Ringmaster.Backends.Disks.Qcow2;
using Ringmaster.Backends.Disks.Qcow2.Checking;
using Ringmaster.Backends.Disks.Qcow2.Format;
using Ringmaster.Backends.Disks.Qcow2.Snapshots;
using Ringmaster.Devices.Storage;

namespace Ringmaster.Backends.Disks;

/// <summary>Checks, resizes and takes snapshots of images that nobody else uses.</summary>
public static class ImageMaintenance
{
    /// <summary>Checks a qcow2 image's structures.</summary>
    /// <param name="path">The file.</param>
    /// <param name="repairs">Whether to put right what is wrong.</param>
    /// <param name="cancel">Ends the check early.</param>
    /// <exception cref="DiskImageException">It cannot be opened, or is not qcow2.</exception>
    public static ImageCheck Check(string path, bool repairs, CancellationToken cancel)
    {
        using var file = ImageFile.Open(path, isReadOnly: !repairs, DiskCache.WriteBack);
        RequireQcow2(file, "checked: there is nothing in it that could be wrong");
        var header = new Qcow2HeaderReader(path).Read(file);
        return repairs ? Qcow2Checker.Repair(file, header, cancel).Found : Qcow2Checker.Check(file, header, cancel);
    }

    /// <summary>Changes the length of a disk.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">Its format; null to go by its content.</param>
    /// <param name="length">The new length in bytes, a multiple of 512.</param>
    /// <param name="shrinks">Whether it may become shorter, by which the content behind the new end is lost.</param>
    /// <exception cref="DiskImageException">It cannot be done.</exception>
    public static void Resize(string path, DiskFormat? format, long length, bool shrinks)
    {
        if (length <= 0 || length % BlockRequest.SectorSize != 0)
            throw new DiskImageException($"A disk cannot have {length} bytes. Choose a multiple of {BlockRequest.SectorSize}, for example 20G.");
        format ??= ImageInspection.FormatOf(path);
        var before = ImageInspection.Describe(path, format).Length;
        if (length < before && !shrinks)
        {
            throw new DiskImageException($"{path} has {before} bytes; making it shorter destroys what lies behind {length}. "
                + "Shrink the guest's file systems first, and then add --shrink.");
        }
        if (format == DiskFormat.Qcow2)
        {
            using var image = DiskImages.OpenQcow2(path, isReadOnly: false);
            image.Resize(length);
            image.Flush();
            return;
        }
        using var file = ImageFile.Open(path, isReadOnly: false, DiskCache.WriteBack);
        if (file.IsBlockDevice)
            throw new DiskImageException($"{path} is a block device, whose length is not a matter of its content. Resize it with the tools of its kind.");
        file.SetLength(length);
        file.Sync();
    }

    /// <summary>Keeps a disk's present content in a snapshot inside the image.</summary>
    /// <exception cref="DiskImageException">It cannot be done.</exception>
    public static void CreateSnapshot(string path, string name, DateTimeOffset time)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > 255 || name.Any(char.IsControl))
            throw new DiskImageException("A snapshot's name has 1 to 255 characters. Choose another.");
        OnSnapshots(path, (image, snapshots) =>
        {
            if (snapshots.Any(s => s.Name == name || s.Id == name))
                throw new DiskImageException($"{path} has a snapshot \"{name}\" already. Choose another name, or delete that one.");
            image.CreateSnapshot(name, time);
        });
    }

    /// <summary>Makes a disk's content that of a snapshot; what was written since is lost.</summary>
    /// <exception cref="DiskImageException">There is no such snapshot, or it cannot be done.</exception>
    public static void ApplySnapshot(string path, string nameOrId) =>
        OnSnapshots(path, (image, snapshots) => image.ApplySnapshot(Find(path, snapshots, nameOrId)));

    /// <summary>Deletes a snapshot.</summary>
    /// <exception cref="DiskImageException">There is no such snapshot, or it cannot be done.</exception>
    public static void DeleteSnapshot(string path, string nameOrId) =>
        OnSnapshots(path, (image, snapshots) => image.DeleteSnapshot(Find(path, snapshots, nameOrId)));

    private static void OnSnapshots(string path, Action<Qcow2Image, IReadOnlyList<Qcow2Snapshot>> work)
    {
        using (var file = ImageFile.Open(path, isReadOnly: true, DiskCache.WriteBack, locks: false))
            RequireQcow2(file, "given snapshots");
        using var image = DiskImages.OpenQcow2(path, isReadOnly: false);
        work(image, image.Snapshots);
        image.Flush();
    }

    private static Qcow2Snapshot Find(string path, IReadOnlyList<Qcow2Snapshot> snapshots, string nameOrId) =>
        snapshots.FirstOrDefault(s => s.Id == nameOrId) ?? snapshots.FirstOrDefault(s => s.Name == nameOrId)
        ?? throw new DiskImageException($"{path} has no snapshot \"{nameOrId}\". \"ringmaster image snapshot list {path}\" shows those that there are.");

    private static void RequireQcow2(ImageFile file, string purpose)
    {
        if (FormatProbe.Of(file) != DiskFormat.Qcow2)
            throw new DiskImageException($"{file.Path} is a raw image, which cannot be {purpose}. Convert it with \"ringmaster image convert -O qcow2\" first.");
    }
}
