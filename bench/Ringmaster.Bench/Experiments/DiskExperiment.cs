using Ringmaster.Bench.Guests;
using Ringmaster.Bench.Monitors;
using Ringmaster.Bench.Suite;

namespace Ringmaster.Bench.Experiments;

/// <summary>Reads and writes a virtio disk, whose raw image the host has in its page cache.</summary>
/// <param name="bench">What all experiments share.</param>
/// <param name="modules">The directory of the kernel's modules.</param>
/// <param name="programs">The programs that use the disk.</param>
internal sealed class DiskExperiment(Workbench bench, string modules, IReadOnlyList<ProgramInfo> programs) : IExperiment
{
    private const long DiskLength = 256 << 20;

    public string Name => "virtio disk";

    public IReadOnlyList<Figure> Figures { get; } = [.. programs.Select(p => p.Figure)];

    public async Task<bool> MeasureAsync(Setting setting, int round, Outcome outcome, CancellationToken cancellation)
    {
        if (setting.Monitor is not { } monitor)
            return false;
        var image = Path.Combine(bench.Directory, "disk.raw");
        using (var disk = File.Create(image))
            disk.SetLength(DiskLength);
        try
        {
            var plan = programs.Select(p => new PlannedProgram(p.Name, bench.Options.Seconds).Line);
            var guest = bench.LinuxGuest("disk", plan, GuestModules.Disk(modules)) with { Disks = [new GuestDisk(image, "raw", IsSnapshot: false)] };
            var run = await MonitorRun.RunAsync(monitor, guest, bench.Options.Silence, null, cancellation).ConfigureAwait(false);
            outcome.Add(GuestTranscript.Parse(run.Lines), run, setting, round);
            return true;
        }
        finally
        {
            File.Delete(image);
        }
    }
}
