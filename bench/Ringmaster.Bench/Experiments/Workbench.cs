using Ringmaster.Bench.Guests;
using Ringmaster.Bench.Monitors;
using Ringmaster.Bench.Suite;

namespace Ringmaster.Bench.Experiments;

/// <summary>What all experiments share.</summary>
/// <param name="Options">What was asked for.</param>
/// <param name="Images">What was built for guests.</param>
/// <param name="Kernel">The Linux kernel.</param>
/// <param name="Directory">For initial RAM disks.</param>
internal sealed record Workbench(SuiteOptions Options, GuestImages Images, string Kernel, string Directory)
{
    /// <summary>The programs on the host.</summary>
    public NativePrograms Native { get; } = new(Images.Programs);

    /// <summary>A Linux guest that runs programs.</summary>
    public GuestSpec LinuxGuest(IReadOnlyList<PlannedProgram> plan, int cpus)
    {
        var initrd = Path.Combine(Directory, $"initrd-{cpus}.cpio");
        File.WriteAllBytes(initrd, BenchInitramfs.Compose(Images, plan));
        return new GuestSpec(Kernel, initrd, BenchInitramfs.CommandLine, cpus, 0);
    }
}
