namespace Ringmaster.Bench.Monitors;

/// <summary>QEMU, with its dynamic binary translation (TCG) or with KVM.</summary>
/// <param name="options">What of it is used.</param>
internal sealed class QemuMonitor(QemuOptions options) : IMonitor
{
    public const string Command = "qemu-system-x86_64";

    public string Program => Command;

    public IReadOnlyList<string> Arguments(GuestSpec guest) =>
    [
        // No device that the guests do not use: it would only make the boot longer.
        "-accel", options.Accel, "-machine", options.Machine ?? (guest.HasPci ? "q35" : "pc"), "-cpu", options.Cpu, "-smp", $"{guest.Cpus}", "-m", $"{GuestSpec.Memory}M", "-nodefaults", "-no-reboot",
        "-display", "none", "-serial", "stdio", "-device", GuestSpec.ExitDevice,
        guest.IsFirmware ? "-bios" : "-kernel", guest.Kernel,
        .. (string[])(guest.Initrd is { } initrd ? ["-initrd", initrd] : []),
        .. (string[])(guest.CommandLine.Length > 0 ? ["-append", guest.CommandLine] : []),
        .. guest.Disks.SelectMany(Disk),
        .. (string[])(guest.Cable is { } cable ? Cable(cable) : []),
        // Ringmaster's machines have one anyway.
        .. (string[])(guest.HasPci ? ["-device", "virtio-rng-pci"] : []),
    ];

    // Its RAM is anonymous; no other mapping of its process is that large and writable.
    public bool IsGuestRam(ProcessMapping mapping) => mapping is { Name: "", IsWritable: true } && mapping.Length >= (long)GuestSpec.Memory << 20;

    public bool Refuses(int exitCode) => false;

    private static string[] Disk(GuestDisk disk, int index) =>
    [
        "-drive", $"file={disk.Path},format={disk.Format},if=none,id=disk{index},snapshot={(disk.IsSnapshot ? "on" : "off")}",
        "-device", $"virtio-blk-pci,drive=disk{index}",
    ];

    private static string[] Cable(GuestCable cable) =>
    [
        "-netdev", $"stream,id=net0,server={(cable.IsFirst ? "on" : "off")},addr.type=unix,addr.path={Path.Combine(cable.Directory, "qemu")}",
        // No option ROM, which only a boot from the network would need.
        "-device", $"virtio-net-pci,netdev=net0,romfile=,mac=52:54:00:00:00:0{(cable.IsFirst ? 1 : 2)}",
    ];
}
