using Ringmaster.Bench.Report;

namespace Ringmaster.Bench.Boot;

/// <summary>The outcome of the boot benchmark.</summary>
/// <param name="Host">Where it ran.</param>
/// <param name="Options">What was asked for.</param>
/// <param name="QemuVersion">What QEMU calls itself; null if it took no part.</param>
/// <param name="Contestants">All measurements.</param>
/// <param name="HelpSeconds">Seconds that "ringmaster run --help" takes; null if Ringmaster took no part.</param>
internal sealed record BootReport(
    HostFacts Host, BootOptions Options, string? QemuVersion, IReadOnlyList<BootReport.Result> Contestants, Spread? HelpSeconds)
{
    /// <summary>One contestant's boots.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Command">How it was started.</param>
    /// <param name="Samples">In the order of the runs.</param>
    internal sealed record Result(string Name, string Command, IReadOnlyList<BootSample> Samples)
    {
        public Spread? ToMarker => Spread.Of(Samples.Select(s => s.ToMarker));

        public Spread? KernelToInit => Spread.Of(Samples.Select(s => s.KernelToInit));

        public Spread? OverheadMebibytes => Spread.Of(Samples.Select(s => s.OverheadMebibytes));
    }

    /// <summary>First contestant over second, pair by pair, in the time to the marker.</summary>
    public Spread? ToMarkerRatio => Ratio(s => s.ToMarker);

    /// <summary>First contestant over second, pair by pair, in the kernel's time to init.</summary>
    public Spread? KernelToInitRatio => Ratio(s => s.KernelToInit);

    /// <summary>First contestant over second, pair by pair, in the monitor's own memory.</summary>
    public Spread? OverheadRatio => Ratio(s => s.OverheadMebibytes);

    public bool HasFailures => Contestants.Any(c => c.Samples.Any(s => s.Failure is not null));

    public void WriteText(TextWriter writer)
    {
        writer.WriteLine($"host     {Host}");
        writer.WriteLine($"guest    {Path.GetFileName(Options.Kernel)}, {Options.Memory} MiB, \"{Options.CommandLine}\"");
        if (QemuVersion is not null)
            writer.WriteLine($"qemu     {QemuVersion}, -accel tcg -cpu {Options.QemuCpu}");
        foreach (var contestant in Contestants)
            writer.WriteLine($"command  {contestant.Command}");
        var pairs = Contestants is [var first, var second] ? $", alternating; ratio is {first.Name} / {second.Name}, pair by pair" : "";
        writer.WriteLine($"figures  median (least-most) of {Options.Runs} runs{pairs}");
        writer.WriteLine();
        TextTable.Write(writer,
        [
            ["", .. Contestants.Select(c => c.Name), "ratio"],
            Line("command to marker, s", c => c.ToMarker, ToMarkerRatio, "0.00"),
            Line("kernel to init, s", c => c.KernelToInit, KernelToInitRatio, "0.00"),
            Line("memory beside guest RAM, MiB", c => c.OverheadMebibytes, OverheadRatio, "0"),
        ]);
        writer.WriteLine();
        if (HelpSeconds is not null)
            writer.WriteLine($"ringmaster run --help, ms: {(HelpSeconds with { Median = HelpSeconds.Median * 1000, Least = HelpSeconds.Least * 1000, Most = HelpSeconds.Most * 1000 }).ToString("0")}");
        foreach (var contestant in Contestants)
        {
            foreach (var (index, sample) in contestant.Samples.Index().Where(s => s.Item.Failure is not null))
                writer.WriteLine($"{contestant.Name}, run {index + 1} failed: {sample.Failure}");
        }
    }

    private IReadOnlyList<string> Line(string what, Func<Result, Spread?> of, Spread? ratio, string format) =>
        [what, .. Contestants.Select(c => of(c)?.ToString(format) ?? "-"), ratio?.ToString("0.00") ?? "-"];

    private Spread? Ratio(Func<BootSample, double?> of) => Contestants is [var first, var second]
        ? Spread.Of(first.Samples.Zip(second.Samples, (a, b) => of(a) / of(b)))
        : null;
}
