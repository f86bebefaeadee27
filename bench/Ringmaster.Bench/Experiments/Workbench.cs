using Ringmaster.Bench.Guests;
using Ringmaster.Bench.Monitors;
using Ringmaster.Bench.Suite;

namespace Ringmaster.Bench.Experiments;

/// <summary>What all experiments share.</summary>
/// <param name="Options">What was asked for.</param>
/// <param name="Images">What was built for guests.</param>
/// <param name="Kernel">The Linux kernel.</param>
/// <param name="Modules">The directory of its modules; null if they are not known.</param>
/// <param name="Directory">For initial RAM disks.</param>
internal sealed record Workbench(SuiteOptions Options, GuestImages Images, string Kernel, string? Modules, string Directory)
{
    /// <summary>The programs on the host.</summary>
    public NativePrograms Native { get; } = new(Images.Programs);

    /// <summary>The Linux guests' command line.</summary>
    public string CommandLine => Options.Append is { } words ? $"{BenchInitramfs.CommandLine} {words}" : BenchInitramfs.CommandLine;

    /// <summary>A Linux guest that runs programs.</summary>
    /// <param name="plan">The programs.</param>
    /// <param name="cpus">vCPUs.</param>
    public GuestSpec LinuxGuest(IEnumerable<PlannedProgram> plan, int cpus) => LinuxGuest($"{cpus}", plan.Select(program => program.Line), null, cpus);

    /// <summary>A Linux guest that does something.</summary>
    /// <param name="name">For its files.</param>
    /// <param name="plan">Lines of its plan.</param>
    /// <param name="modules">What it loads first; null for nothing.</param>
    /// <param name="cpus">vCPUs.</param>
    public GuestSpec LinuxGuest(string name, IEnumerable<string> plan, GuestModules? modules, int cpus = 1)
    {
        var initrd = Path.Combine(Directory, $"initrd-{name}.cpio");
        File.WriteAllBytes(initrd, BenchInitramfs.Compose(Images, plan, modules));
        return new GuestSpec(Kernel, initrd, CommandLine, cpus, 0);
    }
}
