using System.Diagnostics;
using Ringmaster.Backends.Guests;
using Ringmaster.Bench.Experiments;
using Ringmaster.Bench.Guests;
using Ringmaster.Bench.Monitors;
using Ringmaster.Bench.Report;

namespace Ringmaster.Bench.Suite;

/// <summary>Prepares everything, measures in rounds, and sums up.</summary>
/// <param name="options">What was asked for.</param>
/// <param name="progress">Where it says what it does.</param>
internal sealed class SuiteRunner(SuiteOptions options, Progress progress)
{
    /// <summary>Lists the programs.</summary>
    public async Task<IReadOnlyList<ProgramInfo>> ListAsync(CancellationToken cancellation) =>
        await new NativePrograms((await BuildAsync(cancellation).ConfigureAwait(false)).Programs).ListAsync(cancellation).ConfigureAwait(false);

    /// <summary>Measures.</summary>
    /// <exception cref="BenchmarkException">There is nothing to measure, or no way to.</exception>
    public async Task<SuiteReport> RunAsync(CancellationToken cancellation)
    {
        if (options.Kernel is { } named && !File.Exists(named))
            throw new BenchmarkException($"--kernel: there is no file {named}. Check the path.");
        var host = HostFacts.Read();
        if (host.IsBusy)
        {
            progress.Say(
                $"The host is busy (load {host.Load:0.0} on {host.Processors} CPUs), which spreads the figures. Measure again when it is idle.");
        }
        var start = DateTimeOffset.UtcNow;
        var outcome = new Outcome(options.Rounds);
        var images = await BuildAsync(cancellation).ConfigureAwait(false);
        var programs = await new NativePrograms(images.Programs).ListAsync(cancellation).ConfigureAwait(false);
        var selection = options.Only is { } names ? Selection.Of(names, programs) : Selection.All(programs);
        if (selection.Pci && !options.Qemu.HasPci)
        {
            throw new BenchmarkException(
                $"--qemu-machine {options.Qemu.Machine} has no PCI bus. Leave out disk, network and debian: name other groups with --only.");
        }
        var needsModules = selection.Disk.Count + selection.Network.Count > 0;
        var (kernel, modules) = options.Kernel is { } own ? (own, null) : FetchKernel(needsModules, cancellation);
        var bench = new Workbench(options, images, kernel, modules, Path.GetDirectoryName(images.Programs)!);
        var experiments = Experiments(bench, selection, outcome, cancellation);

        progress.Say("looking for QEMU and engines");
        var settings = await SettingFinder.FindAsync(options, outcome, cancellation).ConfigureAwait(false);
        foreach (var skip in outcome.Skips)
            progress.Say($"skipped {skip}");
        await MeasureAsync(experiments, settings, outcome, cancellation).ConfigureAwait(false);

        var facts = new SuiteFacts(
            host, start, (DateTimeOffset.UtcNow - start).TotalMinutes, options.Rounds, options.Seconds,
            $"{Path.GetFileName(bench.Kernel)}, {GuestSpec.Memory} MiB, \"{bench.CommandLine}\"",
            settings.Any(s => s.Name == Setting.QemuName) ? await QemuVersionAsync(cancellation).ConfigureAwait(false) : null,
            GuestBuild.CompilerCommand);
        var shown = new GuestSpec("KERNEL", "INITRD", "", 1, 0);
        return SuiteReport.Of(
            facts,
            [.. settings.Select(s => new SettingReport(s.Name, s.Monitor is { } monitor ? CommandLine(monitor, shown) : null))],
            experiments.SelectMany(e => e.Figures), outcome);
    }

    private List<IExperiment> Experiments(Workbench bench, Selection selection, Outcome outcome, CancellationToken cancellation)
    {
        var experiments = new List<IExperiment>();
        if (selection.Linux)
            experiments.Add(new LinuxExperiment(bench, selection));
        if (selection.Boot)
            experiments.Add(new FirstInstructionExperiment(bench));
        AddDevices(experiments, bench, selection, outcome);
        if (selection.Debian)
            experiments.Add(new DebianExperiment(bench, new GuestFiles(GuestFiles.DefaultDirectory, Steps()).FetchDebian(cancellation)));
        if (selection.Cpus && bench.Options.Cpus > 1)
            experiments.Add(new CpusExperiment(bench));
        if (selection.Exits)
            experiments.Add(new ExitsExperiment(bench));
        if (selection.Nano)
            experiments.Add(new NanoExperiment(bench));
        return experiments;
    }

    private static void AddDevices(List<IExperiment> experiments, Workbench bench, Selection selection, Outcome outcome)
    {
        if (selection.Disk.Count + selection.Network.Count == 0)
            return;
        if (bench.Modules is not { } modules)
        {
            outcome.Skip("disk and network", "drivers for them are known only of the kernel that is used without --kernel.");
            return;
        }
        if (selection.Disk.Count > 0)
            experiments.Add(new DiskExperiment(bench, modules, selection.Disk));
        if (selection.Network.Count > 0)
            experiments.Add(new NetworkExperiment(bench, modules, selection.Network));
    }

    private async Task MeasureAsync(
        List<IExperiment> experiments, IReadOnlyList<Setting> settings, Outcome outcome, CancellationToken cancellation)
    {
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var experiment in experiments)
            {
                // Who comes first changes from round to round, so that none always finds the host warmer.
                foreach (var setting in round % 2 == 0 ? settings : settings.Reverse())
                {
                    var (failures, skips) = (outcome.Failures.Count, outcome.Skips.Count);
                    var watch = Stopwatch.StartNew();
                    progress.Begin($"round {round + 1}/{options.Rounds}  {experiment.Name}, {setting.Name}");
                    var measured = await experiment.MeasureAsync(setting, round, outcome, cancellation).ConfigureAwait(false);
                    progress.End(measured ? $"{watch.Elapsed.TotalSeconds:0.0} s" : "nothing to measure");
                    foreach (var skip in outcome.Skips.Skip(skips))
                        progress.Say($"skipped {skip}");
                    foreach (var failure in outcome.Failures.Skip(failures))
                        progress.Say($"FAILED: {failure.What}");
                }
            }
        }
    }

    private async Task<GuestImages> BuildAsync(CancellationToken cancellation)
    {
        await HostTools.PrepareAsync(progress.Say, cancellation).ConfigureAwait(false);
        return await new GuestBuild(Clone.Path("bench", "programs"), Clone.Path("artifacts", "bench-guest"))
            .RunAsync(progress.Say, cancellation).ConfigureAwait(false);
    }

    private (string Kernel, string? Modules) FetchKernel(bool withModules, CancellationToken cancellation)
    {
        var kernel = new GuestFiles(GuestFiles.DefaultDirectory, Steps()).FetchKernel(GuestPackage.CloudKernel, withModules, cancellation);
        return (kernel.Image, kernel.ModulesDirectory is { } modules ? Path.Combine(modules, "kernel") : null);
    }

    private Progress<GuestProgress> Steps() => new(step =>
    {
        if (step.Done)
            progress.Say(step.Step);
    });

    private static async Task<string> QemuVersionAsync(CancellationToken cancellation) =>
        (await HostCommand.RunAsync(QemuMonitor.Command, ["--version"], cancellation).ConfigureAwait(false)).Output.Split('\n')[0];

    private static string CommandLine(IMonitor monitor, GuestSpec guest) =>
        string.Join(' ', monitor.Arguments(guest).Prepend(Path.GetFileName(monitor.Program)));
}
