namespace Ringmaster.Backends.Guests.Debian;

/// <summary>Where things are on the disk, in sectors. UEFI specification 2.10, section 5.3 (GPT).</summary>
internal static class DebianPartitions
{
    public const int SectorSize = 512;

    /// <summary>The partition that GRUB's core image for PCs lies in, without a file system.</summary>
    public const long BiosBootStart = 2048, BiosBootLength = 2048;

    /// <summary>The partition that UEFI firmware reads, FAT32.</summary>
    public const long EfiStart = BiosBootStart + BiosBootLength, EfiLength = 128 * 1024;

    /// <summary>The root file system; what lies behind it holds the table's copy.</summary>
    public const long RootStart = EfiStart + EfiLength, DiskLength = 8 * 1024 * 1024, RootLength = DiskLength - RootStart - 2048;

    /// <summary>The table as sfdisk(8) reads it.</summary>
    public static string Script { get; } = $"""
        label: gpt
        start={BiosBootStart}, size={BiosBootLength}, type=21686148-6449-6E6F-744E-656564454649
        start={EfiStart}, size={EfiLength}, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B
        start={RootStart}, size={RootLength}, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4

        """;
}
