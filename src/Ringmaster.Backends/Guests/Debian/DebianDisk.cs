namespace Ringmaster.Backends.Guests.Debian;

/// <summary>
/// A Debian system on a disk of its own: GPT with a BIOS boot partition and an EFI system partition, each with GRUB, and the
/// ext4 root behind. systemd, DHCP on every Ethernet card, an SSH server, a C compiler. Its kernel can also be started without
/// firmware. root has no password on consoles and logs in over SSH by <see cref="Key"/>.
/// </summary>
/// <param name="Directory">Where its files are.</param>
public sealed record DebianDisk(string Directory)
{
    /// <summary>The file system's label, by which GRUB and the kernel find it.</summary>
    public const string RootLabel = "debian";

    /// <summary>What the kernel is told when it is started without firmware.</summary>
    public const string CommandLine = $"console=ttyS0 root=LABEL={RootLabel} ro";

    /// <summary>Where the root partition starts, in bytes.</summary>
    public const long RootOffset = DebianPartitions.RootStart * DebianPartitions.SectorSize;

    /// <summary>The disk as a qcow2 image. Others use it too: change a copy, an overlay or a snapshot.</summary>
    public string Image => Path.Combine(Directory, "disk.qcow2");

    /// <summary>The kernel that is on the disk.</summary>
    public string Kernel => Path.Combine(Directory, "vmlinuz");

    /// <summary>The initial RAM disk that is on the disk.</summary>
    public string Initrd => Path.Combine(Directory, "initrd.img");

    /// <summary>The private key that logs in as root over SSH.</summary>
    public string Key => Path.Combine(Directory, "key");
}
