using Ringmaster.Guests.Tests.Harness;
using Ringmaster.Guests.Tests.Linux;

namespace Ringmaster.Guests.Tests.Pc;

/// <summary>
/// Disks and discs that firmware boots, made with the distribution's boot loaders and without a superuser's rights. Each starts the
/// cloud kernel, whose command line has the mark of what it was started from.
/// </summary>
internal sealed class BootImages : IDisposable
{
    private const string GrubModules = "part_msdos part_gpt fat iso9660 serial terminal linux search search_fs_file normal boot";
    private const int Sector = 512, FirstSector = 2048, Megabytes = 64;

    private readonly string _directory = Directory.CreateTempSubdirectory("ringmaster-boot-").FullName;
    private readonly LinuxGuest _linux = LinuxGuest.Cloud();

    /// <summary>The kernel and its RAM disk.</summary>
    public LinuxGuest Linux => _linux;

    /// <summary>
    /// Kernel parameters that have the guest tell its mark, its processors and what firmware left it, and switch itself off. GRUB
    /// must find nothing in them to replace or to quote.
    /// </summary>
    public static string Parameters(string mark) => $"console=ttyS0 {LinuxGuest.NoCryptoTests} mark={mark} "
        + "ringmaster.run=\"echo; env | grep ^mark; nproc; ls /sys/firmware; cat /sys/class/dmi/id/product_name; echo all-told; sleep 1\"";

    /// <summary>A disk with a master boot record, GRUB for BIOSes behind it, and a FAT file system with the kernel.</summary>
    public string BiosDisk(string mark)
    {
        var (disk, core) = (At($"{mark}.img"), At($"{mark}.core"));
        HostProgram.Run("grub-mkimage", ["-O", "i386-pc", "-o", core, "-p", "/boot/grub", "-c", GrubConfig(mark), "biosdisk", .. GrubModules.Split(' ')]);
        File.WriteAllBytes(disk, new byte[Megabytes << 20]);
        HostProgram.RunWithInput($"start={FirstSector}, type=c, bootable\n", "sfdisk", "-q", disk);
        using (var file = File.OpenWrite(disk))
        {
            // Code ends where the partition table begins; GRUB's second part follows in the sectors before the first partition.
            file.Write(File.ReadAllBytes("/usr/lib/grub/i386-pc/boot.img").AsSpan(0, 440));
            file.Position = Sector;
            file.Write(File.ReadAllBytes(core));
        }
        MakeFileSystem(disk);
        return disk;
    }

    /// <summary>A disk with a master boot record and SYSLINUX in its FAT file system, beside the kernel.</summary>
    public string SyslinuxDisk(string mark)
    {
        var (disk, config) = (At($"{mark}.img"), At($"{mark}.cfg"));
        File.WriteAllBytes(disk, new byte[Megabytes << 20]);
        HostProgram.RunWithInput($"start={FirstSector}, type=c, bootable\n", "sfdisk", "-q", disk);
        using (var file = File.OpenWrite(disk))
            file.Write(File.ReadAllBytes("/usr/lib/syslinux/mbr/mbr.bin").AsSpan(0, 440));
        var part = MakeFileSystem(disk);
        File.WriteAllText(config, SyslinuxConfig(mark));
        HostProgram.Run("mcopy", ["-i", part, config, "::/syslinux.cfg"]);
        HostProgram.Run("syslinux", ["--offset", $"{FirstSector * Sector}", "--install", disk]);
        return disk;
    }

    /// <summary>A disk with a GUID partition table and an EFI system partition, which has GRUB for UEFI and the kernel.</summary>
    public string EfiDisk(string mark)
    {
        var disk = At($"{mark}.img");
        File.WriteAllBytes(disk, new byte[Megabytes << 20]);
        HostProgram.RunWithInput($"label: gpt\nstart={FirstSector}, type=U\n", "sfdisk", "-q", disk);
        var part = MakeFileSystem(disk);
        HostProgram.Run("mmd", ["-i", part, "::/EFI", "::/EFI/BOOT"]);
        HostProgram.Run("mcopy", ["-i", part, EfiGrub(mark), "::/EFI/BOOT/BOOTX64.EFI"]);
        return disk;
    }

    /// <summary>A CD-ROM with isolinux for BIOSes and GRUB for UEFI.</summary>
    public string Disc(string mark)
    {
        var (tree, disc) = (At($"{mark}.tree"), At($"{mark}.iso"));
        var isolinux = Directory.CreateDirectory(Path.Combine(tree, "isolinux")).FullName;
        File.Copy(_linux.Kernel, Path.Combine(tree, "vmlinuz"));
        File.Copy(_linux.Initrd, Path.Combine(tree, "initrd"));
        File.Copy("/usr/lib/ISOLINUX/isolinux.bin", Path.Combine(isolinux, "isolinux.bin"));
        File.Copy("/usr/lib/syslinux/modules/bios/ldlinux.c32", Path.Combine(isolinux, "ldlinux.c32"));
        File.WriteAllText(Path.Combine(isolinux, "isolinux.cfg"), SyslinuxConfig(mark));
        var partition = Path.Combine(tree, "efi.img");
        HostProgram.Run("mformat", ["-C", "-i", partition, "-f", "2880", "::"]);
        HostProgram.Run("mmd", ["-i", partition, "::/EFI", "::/EFI/BOOT"]);
        HostProgram.Run("mcopy", ["-i", partition, EfiGrub(mark), "::/EFI/BOOT/BOOTX64.EFI"]);
        HostProgram.Run("xorriso",
        [
            "-as", "mkisofs", "-quiet", "-o", disc, "-R", "-b", "isolinux/isolinux.bin", "-c", "isolinux/boot.cat", "-no-emul-boot", "-boot-load-size", "4",
            "-boot-info-table", "-eltorito-alt-boot", "-e", "efi.img", "-no-emul-boot", tree,
        ]);
        return disc;
    }

    /// <summary>A place for a file that is gone after the test.</summary>
    public string At(string name) => Path.Combine(_directory, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        _linux.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Makes a FAT file system with the kernel in a disk's only partition.</summary>
    /// <returns>How mtools name it.</returns>
    private string MakeFileSystem(string disk)
    {
        var partition = $"{disk}@@{FirstSector * Sector}";
        // The last mebibyte is left for the second copy of a GUID partition table.
        HostProgram.Run("mformat", ["-i", partition, "-F", "-T", $"{(Megabytes - 2) << 20 >> 9}", "-h", "64", "-s", "32", "::"]);
        HostProgram.Run("mcopy", ["-i", partition, _linux.Kernel, "::/vmlinuz"]);
        HostProgram.Run("mcopy", ["-i", partition, _linux.Initrd, "::/initrd"]);
        return partition;
    }

    private static string SyslinuxConfig(string mark) =>
        $"SERIAL 0 115200\nDEFAULT linux\nLABEL linux\n  KERNEL /vmlinuz\n  INITRD /initrd\n  APPEND {Parameters(mark)}\n";

    private string EfiGrub(string mark)
    {
        var program = At($"{mark}.efi");
        HostProgram.Run("grub-mkimage", ["-O", "x86_64-efi", "-o", program, "-p", "/boot/grub", "-c", GrubConfig(mark), .. GrubModules.Split(' ')]);
        return program;
    }

    private string GrubConfig(string mark)
    {
        var file = At($"{mark}.cfg");
        File.WriteAllText(file, $"""
            serial --unit=0 --speed=115200
            terminal_input serial
            terminal_output serial
            search --set=root --file /vmlinuz
            linux /vmlinuz {Parameters(mark)}
            initrd /initrd
            boot

            """);
        return file;
    }
}
