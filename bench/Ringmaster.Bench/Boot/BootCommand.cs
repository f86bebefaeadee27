using System.CommandLine;
using System.Diagnostics;
using Ringmaster.Bench.Report;

namespace Ringmaster.Bench.Boot;

/// <summary>bench/run boot.</summary>
internal static class BootCommand
{
    private const string Ringmaster = "ringmaster", Qemu = "qemu";

    public static Command Build()
    {
        var kernel = new Option<string>("--kernel") { HelpName = "FILE", Description = "Linux kernel. [default: the one in Ringmaster's cache]" };
        var initrd = new Option<string>("--initrd") { HelpName = "FILE", Description = "Initial RAM disk. [default: the one in Ringmaster's cache]" };
        var append = new Option<string>("--append") { HelpName = "TEXT", Description = "The kernel's command line.", DefaultValueFactory = _ => "console=ttyS0" };
        var marker = new Option<string>("--marker") { HelpName = "TEXT", Description = "What the console line starts with that ends a run.", DefaultValueFactory = _ => "Ringmaster: Linux" };
        var memory = new Option<int>("--memory") { HelpName = "MIB", Description = "Guest RAM.", DefaultValueFactory = _ => 512 };
        var runs = new Option<int>("--runs", "-n") { HelpName = "N", Description = "Runs of each.", DefaultValueFactory = _ => 5 };
        var timeout = new Option<int>("--timeout") { HelpName = "SECONDS", Description = "Longest run.", DefaultValueFactory = _ => 300 };
        var launcher = new Option<string>("--ringmaster") { HelpName = "FILE", Description = "Ringmaster's command. [default: the clone's]" };
        var engine = new Option<string>("--engine") { HelpName = "NAME", Description = "Ringmaster's engine.", DefaultValueFactory = _ => "interpreter" };
        var qemuCpu = new Option<string>("--qemu-cpu") { HelpName = "MODEL", Description = "QEMU's CPU model: qemu64, max, ...", DefaultValueFactory = _ => "qemu64" };
        var only = new Option<string>("--only") { HelpName = $"{Ringmaster}|{Qemu}", Description = "Leave the other one out." }.AcceptOnlyFromAmong(Ringmaster, Qemu);
        var output = ReportFormat.Option();
        var command = new Command("boot", "Boots Linux to a shell in Ringmaster and in QEMU's TCG, alternating.")
        {
            kernel, initrd, append, marker, memory, runs, timeout, launcher, engine, qemuCpu, only, output,
        };
        command.SetAction(async (parsed, _) =>
        {
            var options = new BootOptions(
                parsed.GetValue(kernel) ?? GuestDefaults.Kernel(), parsed.GetValue(initrd) ?? GuestDefaults.Initrd(), parsed.GetValue(marker)!,
                parsed.GetValue(append)!, parsed.GetValue(memory), parsed.GetValue(runs), TimeSpan.FromSeconds(parsed.GetValue(timeout)),
                parsed.GetValue(launcher) ?? FindLauncher(), parsed.GetValue(engine)!, parsed.GetValue(qemuCpu)!);
            var report = await RunAsync(options, parsed.GetValue(only)).ConfigureAwait(false);
            if (ReportFormat.IsJson(parsed.GetValue(output)))
                ReportFormat.WriteJson(report);
            else
                report.WriteText(Console.Out);
            return report.HasFailures ? 1 : 0;
        });
        return command;
    }

    private static async Task<BootReport> RunAsync(BootOptions options, string? only)
    {
        foreach (var file in (string[])[options.Kernel, options.Initrd])
        {
            if (!File.Exists(file))
                throw new BenchmarkException($"There is no file {file}.");
        }
        var host = HostFacts.Read();
        Contestant[] all = [Contestant.Ringmaster(options), Contestant.Qemu(options)];
        var contestants = all.Where(c => only is null || c.Name == only).ToArray();
        // Also builds what the launcher starts, which must not count.
        var help = only == Qemu ? null : Spread.Of(CommandTiming.Measure(options.Ringmaster, "run", "--help"));
        var samples = contestants.Select(_ => new List<BootSample>()).ToArray();
        for (var run = 0; run < options.Runs; run++)
        {
            // Who comes first changes from pair to pair, so that neither always finds the host warmer.
            foreach (var i in run % 2 == 0 ? Enumerable.Range(0, contestants.Length) : Enumerable.Range(0, contestants.Length).Reverse())
            {
                var sample = await BootRun.MeasureAsync(contestants[i], options).ConfigureAwait(false);
                samples[i].Add(sample);
                Console.Error.WriteLine($"run {run + 1}/{options.Runs} {contestants[i].Name}: {(sample.ToMarker is { } s ? $"{s:0.00} s" : "failed")}");
            }
        }
        return new BootReport(
            host, options, only == Ringmaster ? null : QemuVersion(),
            [.. contestants.Select((c, i) => new BootReport.Result(c.Name, c.Command, samples[i]))], help);
    }

    private static string FindLauncher()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Ringmaster.slnx")))
                return Path.Combine(directory.FullName, Ringmaster);
        }
        throw new BenchmarkException("The benchmark does not run from a clone. Name Ringmaster's command with --ringmaster FILE.");
    }

    private static string QemuVersion()
    {
        using var process = Process.Start(new ProcessStartInfo("qemu-system-x86_64", "--version") { RedirectStandardOutput = true })!;
        var first = process.StandardOutput.ReadLine();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return first ?? "unknown version";
    }
}
