using System.CommandLine;
using System.Globalization;
using System.Numerics;
using Ringmaster.Bench.Monitors;
using Ringmaster.Bench.Report;

namespace Ringmaster.Bench.Suite;

/// <summary>ringmaster bench.</summary>
internal static class SuiteCommand
{
    private const int FullRounds = 5, QuickRounds = 3, Cpus = 2, Silence = 120;
    private const double FullSeconds = 0.3, QuickSeconds = 0.1;

    /// <summary>Gives the root command its options and what it does.</summary>
    public static void AddTo(RootCommand command)
    {
        var engines = Text("--engines", "NAME,...", "Ringmaster's engines to measure. [default: all that work here]");
        var only = Text("--only", "NAME,...", "Programs and groups to measure. [default: all]");
        var list = new Option<bool>("--list") { Description = "Only list what there is to measure." };
        var runs = Number<int>("N", $"Rounds. [default: {FullRounds}]", "--runs", "-n");
        var seconds = Number<double>("SECONDS", $"About how long a program measures. [default: {FullSeconds}]", "--seconds");
        var quick = new Option<bool>("--quick") { Description = $"Fewer and shorter measurements: {QuickRounds} rounds, {QuickSeconds} s each." };
        var cpus = Number<int>("N", $"vCPUs to compare with one; 1 leaves that out. [default: {Cpus}]", "--cpus");
        var timeout = Number<double>("SECONDS", $"Longest silence of a guest. [default: {Silence}]", "--timeout");
        var kernel = Text("--kernel", "FILE", "Linux kernel of the guests. [default: the one that \"ringmaster run\" boots]");
        var append = Text("--append", "WORDS", "Parameters for the guests' Linux kernel, beside those that the benchmark needs.");
        var launcher = Text("--ringmaster", "FILE", "Another Ringmaster. [default: this clone's]");
        var cpu = Text("--cpu", "MODEL", "Ringmaster's CPU model. [default: its own default]");
        var qemuAccel = Text("--qemu-accel", $"{QemuOptions.Tcg}|{QemuOptions.Kvm}", $"How QEMU carries out instructions. [default: {QemuOptions.Tcg}]");
        qemuAccel.AcceptOnlyFromAmong(QemuOptions.Tcg, QemuOptions.Kvm);
        var qemuMachine = Text("--qemu-machine", "MACHINE", "QEMU's machine, such as microvm, with properties. [default: pc, or q35 for PCI devices]");
        var qemuCpu = Text("--qemu-cpu", "MODEL", $"QEMU's CPU model. [default: {QemuOptions.DefaultCpu(QemuOptions.Tcg)}, or {QemuOptions.DefaultCpu(QemuOptions.Kvm)} with KVM]");
        var output = Text("--output", "DIR", "Where the report's files go. [default: artifacts/bench]");
        var format = ReportFormat.Option();
        foreach (var option in (Option[])[engines, only, list, runs, seconds, quick, cpus, timeout, kernel, append, launcher, cpu, qemuAccel, qemuMachine, qemuCpu, output, format])
            command.Options.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            var isQuick = parsed.GetValue(quick);
            var accel = parsed.GetValue(qemuAccel) ?? QemuOptions.Tcg;
            var options = new SuiteOptions(
                Words(parsed.GetValue(engines)), Words(parsed.GetValue(only)),
                parsed.GetValue(runs) ?? (isQuick ? QuickRounds : FullRounds),
                parsed.GetValue(seconds) ?? (isQuick ? QuickSeconds : FullSeconds),
                parsed.GetValue(cpus) ?? Cpus, TimeSpan.FromSeconds(parsed.GetValue(timeout) ?? Silence),
                parsed.GetValue(output) ?? Clone.Path("artifacts", "bench"),
                parsed.GetValue(kernel), parsed.GetValue(append), parsed.GetValue(launcher) ?? Clone.Path("ringmaster"),
                parsed.GetValue(cpu),
                new QemuOptions(accel, parsed.GetValue(qemuMachine), parsed.GetValue(qemuCpu) ?? QemuOptions.DefaultCpu(accel)));
            var suite = new SuiteRunner(options, new Progress(Console.Error));
            return parsed.GetValue(list)
                ? await ListAsync(suite, cancellation).ConfigureAwait(false)
                : await RunAsync(suite, options, ReportFormat.IsJson(parsed.GetValue(format)), cancellation).ConfigureAwait(false);
        });
    }

    private static async Task<int> ListAsync(SuiteRunner suite, CancellationToken cancellation)
    {
        var programs = await suite.ListAsync(cancellation).ConfigureAwait(false);
        foreach (var group in Groups.All)
        {
            Console.Out.WriteLine($"{group.Name,-16} {group.Title}");
            foreach (var program in programs.Where(p => p.Group == group.Name))
                Console.Out.WriteLine($"  {program.Name,-14} {program.About}");
        }
        return 0;
    }

    private static async Task<int> RunAsync(SuiteRunner suite, SuiteOptions options, bool json, CancellationToken cancellation)
    {
        ReportFiles.Prepare(options.Output);
        var report = await suite.RunAsync(cancellation).ConfigureAwait(false);
        var files = ReportFiles.Write(options.Output, report);
        if (json)
            Console.Out.WriteLine(ReportFormat.ToJson(report));
        else
            SuiteText.Write(Console.Out, report);
        foreach (var file in files)
            Console.Error.WriteLine($"written {file}");
        return report.Failures.Count > 0 ? 1 : 0;
    }

    private static string[]? Words(string? list) => list?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static Option<string> Text(string name, string value, string description) => new(name) { HelpName = value, Description = description };

    /// <summary>An option whose value is a number above 0, and null if it is not given.</summary>
    private static Option<T?> Number<T>(string value, string description, params string[] names) where T : struct, INumber<T> =>
        new(names[0], names[1..])
        {
            HelpName = value,
            Description = description,
            CustomParser = result =>
            {
                var text = result.Tokens is [var token] ? token.Value : "";
                if (T.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > T.Zero)
                    return number;
                result.AddError($"{names[0]} takes a number above 0, not \"{text}\".");
                return null;
            },
        };
}
