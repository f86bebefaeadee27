using Ringmaster.Bench.Report;
using Ringmaster.Bench.Report.Chart;
using Ringmaster.Bench.Suite;

namespace Ringmaster.Bench.Tests.Suite;

public sealed class SuiteReportTests
{
    private const string Engine = "translator";

    [Fact]
    public void Means_are_taken_over_the_medians_of_each_group_and_of_computing()
    {
        var report = Report();

        Assert.Equal(["integer", "computing: the three above"], report.Means.Select(mean => mean.Title));
        Assert.Equal([2, 3], report.Means.Select(mean => mean.Programs));
        var integer = report.Means[0].Results.Single(r => r.Setting == Engine);
        Assert.Equal(4, integer.OverNative!.Value, 1e-9);
        Assert.Equal(2, integer.QemuOver!.Value, 1e-9);
    }

    [Fact]
    public void One_group_alone_has_no_mean_of_all_computing() =>
        Assert.Equal(["integer"], Report("fib", "trees").Means.Select(mean => mean.Title));

    [Fact]
    public void Text_shows_times_ratios_and_what_went_wrong()
    {
        using var writer = new StringWriter();

        SuiteText.Write(writer, Report());

        var lines = writer.ToString().Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ToArray();
        Assert.Contains("Integer native qemu / native translator / native qemu / translator", lines);
        Assert.Contains("fib 1.00 ns/call 4.00 2.00 2.00", lines);
        Assert.Contains("trees 1.00 ns/key 16.0 8.00 2.00", lines);
        Assert.Contains("syscall 300 100 242 2,242 242", lines);
        Assert.Contains("FAILED round 1, translator: it fell over", lines);
        Assert.Contains("skipped kvm: absent", lines);
    }

    [Fact]
    public void Markdown_shows_the_chart_and_every_table()
    {
        using var writer = new StringWriter();

        SuiteMarkdown.Write(writer, Report(), "bench.svg");

        var page = writer.ToString();
        Assert.Contains("](bench.svg)", page, StringComparison.Ordinal);
        Assert.Contains("| fib | 1.00 ns/call | 4.00 | 2.00 | 2.00 | about fib |", page, StringComparison.Ordinal);
        Assert.Contains("## Nanobenchmarks", page, StringComparison.Ordinal);
        Assert.Contains("- round 1, translator: it fell over", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_chart_has_a_panel_for_programs_and_one_for_nanobenchmarks()
    {
        var chart = SuiteChart.Of(Report());

        Assert.Equal(["QEMU", Engine], chart.Series.Select(series => series.Name));
        Assert.Equal(2, chart.Panels.Count);
        Assert.Equal(["Integer", "fib", "trees", "Floating point and vectors", "nbody"], chart.Panels[0].Rows.Select(row => row.Label));
        Assert.NotEmpty(ChartDocument.Draw(chart));
    }

    [Fact]
    public void Json_has_every_value() =>
        Assert.Contains("\"overNative\"", ReportFormat.ToJson(Report()), StringComparison.Ordinal);

    private static SuiteReport Report(params string[] only)
    {
        var outcome = new Outcome(1);
        Figure[] figures =
        [
            new("fib", "integer", "ns/call", "about fib"), new("trees", "integer", "ns/key", "about trees"), new("nbody", "float", "ns/pair", "about nbody"),
            new("syscall", Groups.Nano, "cycles", ""),
        ];
        (string, double?, double, double)[] values = [("fib", 1, 4, 2), ("trees", 1, 16, 8), ("nbody", 1, 30, 3), ("syscall", null, 300, 100)];
        foreach (var (figure, native, qemu, engine) in values)
        {
            if (native is { } time)
                outcome.Measurements.Add(figure, Setting.NativeName, 0, time);
            outcome.Measurements.Add(figure, Setting.QemuName, 0, qemu);
            outcome.Measurements.Add(figure, Engine, 0, engine);
        }
        outcome.Fail(new Setting(Engine, null), 0, "it fell over");
        outcome.Skip("kvm", "absent");
        var facts = new SuiteFacts(new HostFacts("CPU", 2, "6.1", "10", 0), DateTimeOffset.UnixEpoch, 1, 1, 0.1, "guest", "QEMU 1", "gcc");
        SettingReport[] settings = [new(Setting.NativeName, null), new(Setting.QemuName, "q"), new(Engine, "t")];
        return SuiteReport.Of(facts, settings, figures.Where(f => only.Length == 0 || only.Contains(f.Name)), outcome);
    }
}
