using System.Buffers.Binary;

namespace Ringmaster.Backends.Guests.Debian;

/// <summary>GRUB for both kinds of firmware, made by the system's own grub-mkimage(1).</summary>
/// <param name="system">The system.</param>
internal sealed class GrubImages(DebianSystem system)
{
    private const string Early = "boot/grub/early.cfg", Core = "boot/grub/core.img", Efi = "boot/grub/bootx64.efi", Partition = "esp.img";

    // GRUB 2.06, grub-core/boot/i386/pc: boot.img has the sector of core.img's start; core.img's first sector ends with the list of
    // blocks of what follows, of which the first entry's sector lies twelve bytes before the end.
    private const int KernelSectorOffset = 0x5C, FirstBlockOffset = 0x1F4, CodeLength = 440;

    private static readonly string[] s_modules = ["part_gpt", "fat", "ext2", "search", "search_label", "normal", "linux", "configfile", "serial", "terminal", "echo", "test"];

    /// <summary>Writes both to the disk.</summary>
    public void Install(FileStream disk)
    {
        File.WriteAllText(system[Early], $"search --no-floppy --label --set=root {DebianDisk.RootLabel}\nset prefix=($root)/boot/grub\nconfigfile ($root)/boot/grub/grub.cfg\n");
        InstallForBios(disk);
        InstallForEfi(disk);
    }

    private void InstallForBios(FileStream disk)
    {
        MakeImage("i386-pc", Core, ["biosdisk"]);
        var boot = File.ReadAllBytes(system["usr/lib/grub/i386-pc/boot.img"]);
        var core = File.ReadAllBytes(system[Core]);
        BinaryPrimitives.WriteInt64LittleEndian(boot.AsSpan(KernelSectorOffset), DebianPartitions.BiosBootStart);
        BinaryPrimitives.WriteInt64LittleEndian(core.AsSpan(FirstBlockOffset), DebianPartitions.BiosBootStart + 1);
        // Only the code: the protective partition table of the first sector stays.
        RandomAccess.Write(disk.SafeFileHandle, boot.AsSpan(0, CodeLength), 0);
        RandomAccess.Write(disk.SafeFileHandle, core, DebianPartitions.BiosBootStart * DebianPartitions.SectorSize);
    }

    private void InstallForEfi(FileStream disk)
    {
        MakeImage("x86_64-efi", Efi, []);
        system.Run("mkfs.vfat", "-C", "-F", "32", "-n", "ESP", $"/{Partition}", $"{DebianPartitions.EfiLength * DebianPartitions.SectorSize / 1024}");
        system.Run("mmd", "-i", $"/{Partition}", "::/EFI", "::/EFI/BOOT");
        system.Run("mcopy", "-i", $"/{Partition}", $"/{Efi}", "::/EFI/BOOT/BOOTX64.EFI");
        using (var partition = File.OpenRead(system[Partition]))
        {
            disk.Position = DebianPartitions.EfiStart * DebianPartitions.SectorSize;
            partition.CopyTo(disk);
        }
        File.Delete(system[Partition]);
    }

    private void MakeImage(string format, string file, string[] modules) =>
        system.Run("grub-mkimage", ["--format", format, "--output", $"/{file}", "--prefix", "/boot/grub", "--config", $"/{Early}", .. s_modules, .. modules]);
}
