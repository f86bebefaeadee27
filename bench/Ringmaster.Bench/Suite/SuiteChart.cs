using Ringmaster.Bench.Report;
using Ringmaster.Bench.Report.Chart;

namespace Ringmaster.Bench.Suite;

/// <summary>Lays the report out as a chart.</summary>
internal static class SuiteChart
{
    // Okabe and Ito's colours, which colour-blind people tell apart.
    private const string Vermilion = "#d55e00", Blue = "#0072b2", Purple = "#b5609a", Green = "#009e73", Other = "#c08a00";

    private static readonly ChartMark[] s_published =
    [
        new("published: native", MarkShape.Stroke), new("software monitor", MarkShape.Square), new("hardware monitor", MarkShape.Triangle),
    ];

    public static ChartModel Of(SuiteReport report)
    {
        ChartSeries[] series =
            [.. report.Settings.Where(s => s.Name != Setting.NativeName).Select(s => new ChartSeries(Name(s.Name), ColorOf(s.Name)))];
        string[] monitors = [.. report.Settings.Select(s => s.Name).Where(name => name != Setting.NativeName)];
        ChartPanel?[] panels = [Programs(report, monitors), Boot(report, monitors), Nano(report, monitors)];
        return new ChartModel(
            "How long the same work takes: Ringmaster beside QEMU and the host",
            $"{report.Facts.Host.Processors} x {report.Facts.Host.Processor}, Linux {report.Facts.Host.Kernel}; {report.Facts.Start:yyyy-MM-dd}; "
            + $"medians of {report.Facts.RoundsText}, least to most behind the dots",
            series, [.. panels.OfType<ChartPanel>()]);
    }

    private static string Name(string setting) => setting == Setting.QemuName ? "QEMU" : setting;

    private static string ColorOf(string setting) => setting switch
    {
        Setting.QemuName => Vermilion,
        "translator" => Blue,
        "interpreter" => Purple,
        "kvm" => Green,
        _ => Other,
    };

    private static ChartPanel? Programs(SuiteReport report, string[] monitors)
    {
        var rows = new List<ChartRow>();
        foreach (var group in Groups.All.Where(g => Groups.IsOfPrograms(g.Name)))
        {
            if (report.In(group) is not { Count: > 0 } figures)
                continue;
            var mean = report.Means.FirstOrDefault(m => m.Groups is [var only] && only == group.Name);
            rows.Add(new ChartRow(
                group.Title, [.. monitors.Select(m => Exactly(mean?.Results.First(r => r.Setting == m).OverNative))], [], IsSum: true));
            rows.AddRange(figures.Select(f => new ChartRow(f.Figure.Name, [.. monitors.Select(m => f.In(m).OverNative)], [])));
        }
        return rows.Count == 0 ? null : new ChartPanel(
            "Programs: times as long as on the host",
            "Logarithmic; further left is faster. Diamonds are geometric means of their groups.",
            LogAxis.Around([1, .. ChartPanel.Values(rows)]), (1, "host"), [], rows);
    }

    private static ChartPanel? Boot(SuiteReport report, string[] monitors)
    {
        var rows = report.Figures.Where(f => f.Figure is { Group: Groups.Boot, Unit: "s" })
            .Select(f => new ChartRow(f.Figure.Name, [.. monitors.Select(m => f.In(m).Spread)], [])).ToArray();
        return rows.Length == 0 ? null : new ChartPanel(
            "Linux from start to power-off: seconds", "Linear; further left is faster.",
            LinearAxis.Around([.. ChartPanel.Values(rows)]), null, [], rows);
    }

    private static ChartPanel? Nano(SuiteReport report, string[] monitors)
    {
        var rows = (from figure in report.Figures
                    join published in report.Published on figure.Figure.Name equals published.Name
                    select new ChartRow(
                        figure.Figure.Name, [.. monitors.Select(m => figure.In(m).Spread)],
                        [published.Native, published.SoftwareMonitor, published.HardwareMonitor])).ToArray();
        return rows.Length == 0 ? null : new ChartPanel(
            "Nanobenchmarks: cycles for one operation",
            "Logarithmic; further left is faster. Outlines: Adams and Agesen 2006, on a Pentium 4.",
            LogAxis.Around([.. ChartPanel.Values(rows)]), null, s_published, rows);
    }

    private static Spread? Exactly(double? value) => value is { } number ? new Spread(number, number, number, 1) : null;
}
