namespace Ringmaster.Bench.Monitors;

/// <summary>What a monitor is to run, its console on standard output.</summary>
/// <param name="Kernel">A Linux or multiboot kernel.</param>
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
}
