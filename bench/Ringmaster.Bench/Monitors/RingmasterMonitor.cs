namespace Ringmaster.Bench.Monitors;

/// <summary>Ringmaster with one of its engines.</summary>
/// <param name="launcher">The command.</param>
/// <param name="engine">The engine's name.</param>
/// <param name="cpu">The CPU model; null for Ringmaster's default.</param>
internal sealed class RingmasterMonitor(string launcher, string engine, string? cpu) : IMonitor
{
    private const int UsageExitCode = 2;

    public string Program => launcher;

    public IReadOnlyList<string> Arguments(GuestSpec guest) =>
    [
        "run", "--engine", engine, "--cpus", $"{guest.Cpus}", "--memory", $"{GuestSpec.Memory}M", "--device", GuestSpec.ExitDevice,
        .. (string[])(cpu is not null ? ["--cpu", cpu] : []),
        guest.IsFirmware ? "--firmware" : "--kernel", guest.Kernel,
        .. (string[])(guest.Initrd is { } initrd ? ["--initrd", initrd] : []),
        .. (string[])(guest.CommandLine.Length > 0 ? ["--append", guest.CommandLine] : []),
        .. guest.Disks.SelectMany(disk => (string[])["--disk", $"{disk.Path},format={disk.Format}{(disk.IsSnapshot ? ",snapshot" : "")}"]),
        // A machine with disks would have a network of its own accord.
        .. (string[])(guest.Cable is { } cable ? ["--net", $"socket={cable.Directory}"] : guest.Disks.Count > 0 ? ["--net", "none"] : []),
    ];

    // Its RAM is anonymous, in two pieces; the larger one is all but the first mebibyte.
    public bool IsGuestRam(ProcessMapping mapping) =>
        mapping is { Name: "", IsWritable: true } && mapping.Length >> 20 is >= GuestSpec.Memory - 1 and <= GuestSpec.Memory;

    public bool Refuses(int exitCode) => exitCode == UsageExitCode;
}
