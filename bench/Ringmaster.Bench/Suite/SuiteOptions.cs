using Ringmaster.Bench.Monitors;

namespace Ringmaster.Bench.Suite;

/// <summary>What was asked for.</summary>
/// <param name="Engines">Engines' names; null for all that work.</param>
/// <param name="Only">Names of programs and groups; null for all.</param>
/// <param name="Rounds">How often everything is measured.</param>
/// <param name="Seconds">About how long a program measures.</param>
/// <param name="Cpus">vCPUs that are compared with one; 1 for no comparison.</param>
/// <param name="Silence">The longest time without a line from a guest.</param>
/// <param name="Output">The directory for the report's files.</param>
/// <param name="Kernel">A Linux kernel; null for the distribution's.</param>
/// <param name="Append">What is added to the Linux guests' command line; null for nothing.</param>
/// <param name="Launcher">Ringmaster's command.</param>
/// <param name="Cpu">Ringmaster's CPU model; null for its default.</param>
/// <param name="Qemu">What of QEMU is used.</param>
internal sealed record SuiteOptions(
    IReadOnlyList<string>? Engines, IReadOnlyList<string>? Only, int Rounds, double Seconds, int Cpus, TimeSpan Silence, string Output,
    string? Kernel, string? Append, string Launcher, string? Cpu, QemuOptions Qemu);
