using Ringmaster.Backends.Disks;

namespace Ringmaster.Backends.Guests.Debian;

/// <summary>Makes a <see cref="DebianDisk"/>. Needs root, for debootstrap and chroot, and no more of the host than its file systems.</summary>
/// <param name="directory">Where the result goes; it exists.</param>
/// <param name="progress">Told about the steps.</param>
/// <param name="cancellation">Gives up.</param>
internal sealed class DebianBuilder(string directory, IProgress<GuestProgress>? progress, CancellationToken cancellation)
{
    private readonly string _root = Path.Combine(directory, "root");
    private readonly string _raw = Path.Combine(directory, "disk.raw");

    /// <summary>Makes it.</summary>
    /// <exception cref="GuestFilesException">The host lacks something, or a step fails.</exception>
    public void Make()
    {
        if (!Environment.IsPrivilegedProcess)
            throw new GuestFilesException("A Debian disk is made by debootstrap, which takes root. Run this once as root with XDG_CACHE_HOME set to your cache.");
        var system = new DebianSystem(_root, (step, bytes) => progress?.Report(new(step, bytes, null, Done: false)), cancellation);
        system.Make();
        progress?.Report(new("installing Debian", 0, null, Done: true));
        var disk = new DebianDisk(directory);
        File.Move(system["root/key"], disk.Key);
        WriteDisk(system);
        ImageConversion.Run(new DiskOptions(_raw, DiskFormat.Raw), new ImageSpec(disk.Image, DiskFormat.Qcow2), compresses: false,
            (bytes, total) => progress?.Report(new("writing the image", bytes, total, Done: bytes == total)), cancellation);
        File.Delete(_raw);
        File.Copy(system["vmlinuz"], disk.Kernel);
        File.Copy(system["initrd.img"], disk.Initrd);
        Directory.Delete(_root, recursive: true);
    }

    private void WriteDisk(DebianSystem system)
    {
        // The system's own programs see only what is inside of it.
        const string table = "table", inside = "disk.raw";
        using (var disk = new FileStream(system[inside], FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            disk.SetLength(DebianPartitions.DiskLength * DebianPartitions.SectorSize);
            File.WriteAllText(system[table], DebianPartitions.Script);
            system.Run("sh", "-c", $"sfdisk --quiet /{inside} < /{table}");
            File.Delete(system[table]);
            new GrubImages(system).Install(disk);
        }
        File.Move(system[inside], _raw);
        DebianSystem.Demand("mke2fs", HostCommand.Run("mke2fs",
            ["-q", "-t", "ext4", "-L", DebianDisk.RootLabel, "-d", _root, "-E", $"offset={DebianDisk.RootOffset}", _raw,
                $"{DebianPartitions.RootLength * DebianPartitions.SectorSize / 1024}k"], null, null, cancellation));
    }
}
