namespace Ringmaster.Bench.Monitors;

/// <summary>QEMU's dynamic binary translation, TCG.</summary>
/// <param name="cpu">Its CPU model.</param>
internal sealed class QemuMonitor(string cpu) : IMonitor
{
    public const string Command = "qemu-system-x86_64";

    public string Program => Command;

    public IReadOnlyList<string> Arguments(GuestSpec guest) =>
    [
        // No device that the guests do not use: it would only make the boot longer.
        "-accel", "tcg", "-machine", "pc", "-cpu", cpu, "-smp", $"{guest.Cpus}", "-m", $"{GuestSpec.Memory}M", "-nodefaults", "-no-reboot",
        "-display", "none", "-serial", "stdio", "-device", GuestSpec.ExitDevice, "-kernel", guest.Kernel,
        .. (string[])(guest.Initrd is { } initrd ? ["-initrd", initrd] : []),
        .. (string[])(guest.CommandLine.Length > 0 ? ["-append", guest.CommandLine] : []),
    ];

    // Its RAM is anonymous; no other mapping of its process is that large and writable.
    public bool IsGuestRam(ProcessMapping mapping) => mapping is { Name: "", IsWritable: true } && mapping.Length >= (long)GuestSpec.Memory << 20;

    public bool Refuses(int exitCode) => false;
}
