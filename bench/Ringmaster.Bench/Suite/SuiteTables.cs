using Ringmaster.Bench.Report;

namespace Ringmaster.Bench.Suite;

/// <summary>Lays the report out in tables.</summary>
internal sealed class SuiteTables
{
    private const string Missing = "-";

    private readonly SuiteReport _report;
    private readonly string[] _all;
    private readonly string[] _monitors;
    private readonly string[] _besideQemu;
    private readonly string[] _ratioHeadings;

    /// <param name="report">What was found.</param>
    public SuiteTables(SuiteReport report)
    {
        _report = report;
        _all = [.. report.Settings.Select(setting => setting.Name)];
        _monitors = [.. _all.Where(name => name != Setting.NativeName)];
        _besideQemu = _monitors.Contains(Setting.QemuName) ? [.. _monitors.Where(name => name != Setting.QemuName)] : [];
        _ratioHeadings = [.. _monitors.Select(m => $"{m} / {Setting.NativeName}"), .. _besideQemu.Select(p => $"{Setting.QemuName} / {p}")];
    }

    /// <summary>One for each group that was measured, and one of the means.</summary>
    public IEnumerable<ReportTable> All()
    {
        if (_report.Means.Count > 0)
            yield return Means();
        foreach (var group in Groups.All)
        {
            if (_report.In(group) is { Count: > 0 } figures)
                yield return Table(group, figures);
        }
    }

    private ReportTable Table(Group group, IReadOnlyList<FigureReport> figures) => group.Name switch
    {
        Groups.Boot or Groups.Debian => Boot(group, figures),
        Groups.Disk or Groups.Network or Groups.Exits => Devices(group, figures),
        Groups.Cpus => Cpus(group, figures),
        Groups.Nano => Nano(group, figures),
        _ => Programs(group, figures),
    };

    private ReportTable Means() => new(
        "Geometric means", _ratioHeadings,
        [
            .. _report.Means.Select(mean => new ReportRow(
                $"{mean.Title} ({mean.Programs})",
                [
                    .. _monitors.Select(m => Cell(mean.Results.First(r => r.Setting == m).OverNative)),
                    .. _besideQemu.Select(p => Cell(mean.Results.First(r => r.Setting == p).QemuOver)),
                ])),
        ],
        "Of the medians below. x / native: x takes so many times as long as the host. qemu / x: x is so many times as fast as QEMU.");

    private ReportTable Programs(Group group, IReadOnlyList<FigureReport> figures) => new(
        group.Title, [Setting.NativeName, .. _ratioHeadings],
        [
            .. figures.Select(f => new ReportRow(
                f.Figure.Name,
                [
                    Quantity.Short(f.In(Setting.NativeName).Spread, f.Figure.Unit),
                    .. _monitors.Select(m => Quantity.Short(f.In(m).OverNative)),
                    .. _besideQemu.Select(p => Quantity.Short(f.In(p).QemuOver)),
                ],
                f.Figure.About)),
        ],
        "");

    private ReportTable Boot(Group group, IReadOnlyList<FigureReport> figures) =>
        Monitors(group, figures, name => $"{name} / {Setting.QemuName}", result => result.OverQemu, "Less is better in all columns.");

    private ReportTable Devices(Group group, IReadOnlyList<FigureReport> figures) =>
        Monitors(group, figures, name => $"{Setting.QemuName} / {name}", result => result.QemuOver, "qemu / x: x is so many times as fast as QEMU.");

    /// <summary>Figures that the host has none of: those of all monitors, and a ratio of each to QEMU's.</summary>
    private ReportTable Monitors(
        Group group, IReadOnlyList<FigureReport> figures, Func<string, string> heading, Func<FigureResult, Spread?> ratio, string note) => new(
        group.Title, [.. _monitors, .. _besideQemu.Select(heading)],
        [
            .. figures.Select(f => new ReportRow(
                f.Figure.Name,
                [
                    .. _monitors.Select(m => Quantity.Short(f.In(m).Spread, f.Figure.Unit)),
                    .. _besideQemu.Select(p => Quantity.Short(ratio(f.In(p)))),
                ],
                f.Figure.About)),
        ],
        note);

    private ReportTable Cpus(Group group, IReadOnlyList<FigureReport> figures) => new(
        group.Title, _all,
        [.. figures.Select(f => new ReportRow(f.Figure.Name, [.. _all.Select(s => Quantity.Short(f.In(s).Spread))], f.Figure.About))],
        "How many times as much work gets done; at most the number of CPUs. On the host it tells how much the host had to spare.");

    private ReportTable Nano(Group group, IReadOnlyList<FigureReport> figures) => new(
        group.Title, [.. _monitors, "published: native", "software monitor", "hardware monitor"],
        [
            .. from figure in figures
               join published in _report.Published on figure.Figure.Name equals published.Name
               select new ReportRow(
                   figure.Figure.Name,
                   [
                       .. _monitors.Select(m => Quantity.Short(figure.In(m).Spread)),
                       Quantity.Round(published.Native), Quantity.Round(published.SoftwareMonitor), Quantity.Round(published.HardwareMonitor),
                   ],
                   figure.Figure.About),
        ],
        "Cycles of the host's core for one operation. The published columns are Adams and Agesen's of 2006, on a Pentium 4: "
        + "binary translation, and VT-x without nested paging.");

    private static string Cell(double? value) => value is { } number ? Quantity.Short(number) : Missing;
}
