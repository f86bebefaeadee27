namespace Ringmaster.Bench.Monitors;

/// <summary>What a monitor is to run, its console on standard output.</summary>
/// <param name="Kernel">A Linux or multiboot kernel, or firmware.</param>
/// <param name="Initrd">An initial RAM disk, or null.</param>
/// <param name="CommandLine">The kernel's command line.</param>
/// <param name="Cpus">vCPUs.</param>
/// <param name="ExitCode">What the monitor ends with if all went well.</param>
internal sealed record GuestSpec(string Kernel, string? Initrd, string CommandLine, int Cpus, int ExitCode)
{
    /// <summary>Mebibytes of RAM of every guest.</summary>
    public const int Memory = 512;

    /// <summary>Where the device is that bare-metal guests end the monitor with.</summary>
    public const string ExitDevice = "isa-debug-exit,iobase=0xf4,iosize=4";

    /// <summary>The exit code that those guests end it with when all is well: 10h, as the device makes it (2 * value + 1).</summary>
    public const int GoodExitCode = 33;

    /// <summary>Whether the kernel is firmware, which starts at the reset vector.</summary>
    public bool IsFirmware { get; init; }

    /// <summary>Images of virtio disks, in order.</summary>
    public IReadOnlyList<GuestDisk> Disks { get; init; } = [];

    /// <summary>What its virtio network card is connected to; null for no card.</summary>
    public GuestCable? Cable { get; init; }

    /// <summary>How the console's line starts that the run ends with; null to wait until the guest ends the monitor.</summary>
    public string? EndMark { get; init; }

    /// <summary>Whether it has a PCI bus.</summary>
    public bool HasPci => Disks.Count > 0 || Cable is not null;
}
