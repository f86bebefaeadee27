namespace Ringmaster.Machine.Configuration;

/// <summary>From what firmware boots.</summary>
/// <param name="Order">
/// What to try, in this order: one of the words below, or a device by its name (<c>disk1</c>, or as its id says). Empty for the firmware's
/// own order.
/// </param>
/// <param name="Menu">How long firmware offers its menu; null for not at all.</param>
public sealed record BootConfig(IReadOnlyList<string> Order, TimeSpan? Menu = null)
{
    /// <summary>All disks, in order.</summary>
    public const string Disk = "disk";

    /// <summary>All CD-ROM drives.</summary>
    public const string Cdrom = "cdrom";

    /// <summary>All network devices.</summary>
    public const string Net = "net";

    /// <summary>The first diskette drive.</summary>
    public const string Floppy = "floppy";

    /// <summary>The words for all devices of a kind.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [Disk, Cdrom, Net, Floppy];

    /// <summary>What the firmware does when left alone.</summary>
    public static BootConfig Default { get; } = new([]);
}
