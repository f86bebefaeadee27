using Ringmaster.Bench.Experiments;
using Ringmaster.Bench.Report;

namespace Ringmaster.Bench.Suite;

/// <summary>The outcome of the suite. It is what is written as JSON; tables and chart are made from it.</summary>
/// <param name="Facts">The conditions.</param>
/// <param name="Settings">Where was measured.</param>
/// <param name="Figures">What was found.</param>
/// <param name="Means">Geometric means over groups of programs.</param>
/// <param name="Published">What others measured of the nanobenchmarks.</param>
/// <param name="Skipped">What was not measured, for good reasons.</param>
/// <param name="Failures">What went wrong.</param>
internal sealed record SuiteReport(
    SuiteFacts Facts, IReadOnlyList<SettingReport> Settings, IReadOnlyList<FigureReport> Figures, IReadOnlyList<MeanReport> Means,
    IReadOnlyList<NanoReference> Published, IReadOnlyList<Skip> Skipped, IReadOnlyList<Failure> Failures)
{
    /// <summary>Sums up.</summary>
    public static SuiteReport Of(SuiteFacts facts, IReadOnlyList<SettingReport> settings, IEnumerable<Figure> figures, Outcome outcome)
    {
        FigureReport[] reports = [.. figures.Select(figure => Sum(figure, settings, outcome.Measurements))];
        MeanReport[] means =
        [
            .. Groups.Means
                .Where(mean => mean.Groups.Count == 1 || mean.Groups.Count(group => reports.Any(r => r.Figure.Group == group)) > 1)
                .Select(mean => Mean(mean.Title, mean.Groups, settings, reports)).Where(mean => mean.Programs > 1),
        ];
        return new SuiteReport(facts, settings, reports, means, NanoReference.All, outcome.Skips, outcome.Failures);
    }

    /// <summary>The figures of a group.</summary>
    public IReadOnlyList<FigureReport> In(Group group) => [.. Figures.Where(report => report.Figure.Group == group.Name)];

    private static FigureReport Sum(Figure figure, IReadOnlyList<SettingReport> settings, Measurements all) => new(
        figure,
        [
            .. settings.Select(setting => new FigureResult(
                setting.Name,
                all.Of(figure.Name, setting.Name),
                Spread.Of(all.Of(figure.Name, setting.Name)),
                all.Ratio(figure.Name, setting.Name, Setting.NativeName),
                all.Ratio(figure.Name, setting.Name, Setting.QemuName),
                all.Ratio(figure.Name, Setting.QemuName, setting.Name))),
        ]);

    private static MeanReport Mean(string title, IReadOnlyList<string> groups, IReadOnlyList<SettingReport> settings, FigureReport[] all)
    {
        FigureReport[] members = [.. all.Where(report => groups.Contains(report.Figure.Group))];
        double? Over(string setting, Func<FigureResult, Spread?> ratio) =>
            GeometricMean.Of(members.Select(report => ratio(report.In(setting))?.Median).OfType<double>());
        return new MeanReport(title, groups, members.Length,
            [.. settings.Select(s => new MeanResult(s.Name, Over(s.Name, r => r.OverNative), Over(s.Name, r => r.QemuOver)))]);
    }
}
