using Ringmaster.Backends.Guests.Debian;
using Ringmaster.Bench.Monitors;
using Ringmaster.Bench.Suite;

namespace Ringmaster.Bench.Experiments;

/// <summary>Starts Debian with systemd from its disk until it asks for a login.</summary>
/// <param name="bench">What all experiments share.</param>
/// <param name="debian">The system.</param>
internal sealed class DebianExperiment(Workbench bench, DebianDisk debian) : IExperiment
{
    private const string ToLogin = "command to login", Memory = "memory, four devices";

    // The second line of /etc/issue's successor: agetty prints it above the prompt, which ends no line.
    private const string Prompt = "Debian GNU/Linux ";

    public string Name => "Debian";

    public IReadOnlyList<Figure> Figures { get; } =
    [
        new(ToLogin, Groups.Debian, "s", "from the start of the command to the login prompt, started by the kernel on the disk"),
        new(Memory, Groups.Debian, "MiB", "the monitor's resident memory beside the guest's RAM at the prompt, at its peak; two disks, a network card, a source of entropy"),
    ];

    public async Task<bool> MeasureAsync(Setting setting, int round, Outcome outcome, CancellationToken cancellation)
    {
        if (setting.Monitor is not { } monitor)
            return false;
        var files = Directory.CreateTempSubdirectory("ringmaster-bench-");
        try
        {
            var empty = Path.Combine(files.FullName, "empty.raw");
            using (var disk = File.Create(empty))
                disk.SetLength(64 << 20);
            var guest = new GuestSpec(debian.Kernel, debian.Initrd, $"{DebianDisk.CommandLine} quiet", 1, 0)
            {
                Disks = [new GuestDisk(debian.Image, "qcow2", IsSnapshot: true), new GuestDisk(empty, "raw", IsSnapshot: false)],
                Cable = new GuestCable(files.FullName, IsFirst: true),
                EndMark = Prompt,
            };
            double? memory = null;
            void LineCame(int process, ConsoleLine line)
            {
                if (line.Text.StartsWith(Prompt, StringComparison.Ordinal))
                    memory = MonitorMemory.Measure(monitor, process);
            }
            var run = await MonitorRun.RunAsync(monitor, guest, bench.Options.Silence, LineCame, cancellation).ConfigureAwait(false);
            if ((run.Failure ?? run.Refusal) is { } failure)
                outcome.Fail(setting, round, failure);
            else if (memory is { } mebibytes)
            {
                outcome.Measurements.Add(ToLogin, setting.Name, round, run.Seconds);
                outcome.Measurements.Add(Memory, setting.Name, round, mebibytes);
            }
            return true;
        }
        finally
        {
            files.Delete(recursive: true);
        }
    }
}
