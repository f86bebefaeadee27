namespace Ringmaster.Bench.Boot;

/// <summary>What the boot benchmark compares and how often.</summary>
/// <param name="Kernel">A Linux kernel.</param>
/// <param name="Initrd">An initial RAM disk whose init prints the marker.</param>
/// <param name="Marker">The start of the console line that ends a run.</param>
/// <param name="CommandLine">The kernel's command line.</param>
/// <param name="Memory">Guest RAM in MiB.</param>
/// <param name="Runs">Pairs of runs.</param>
/// <param name="Timeout">For one run.</param>
/// <param name="Ringmaster">The launcher.</param>
/// <param name="Engine">Ringmaster's engine.</param>
/// <param name="QemuCpu">QEMU's CPU model.</param>
internal sealed record BootOptions(
    string Kernel, string Initrd, string Marker, string CommandLine, int Memory, int Runs, TimeSpan Timeout, string Ringmaster,
    string Engine, string QemuCpu);
