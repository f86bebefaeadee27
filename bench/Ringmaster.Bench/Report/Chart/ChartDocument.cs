namespace Ringmaster.Bench.Report.Chart;

/// <summary>Draws a chart: a title, a legend, and the panels one below the other.</summary>
internal static class ChartDocument
{
    internal const double Width = 1000, Margin = 28;
    private const double TitleBaseline = 42, SubtitleBaseline = 64, LegendBaseline = 92, FirstPanel = 112, LegendGap = 26, LegendDot = 5;

    // Colours are the same on light and dark pages: the chart brings its own paper.
    private const string StyleSheet = """

        text { font-family: "Segoe UI", "Helvetica Neue", Helvetica, Arial, sans-serif; font-size: 12px; fill: #333 }
        .paper { fill: #fff }
        .title { font-size: 21px; font-weight: 600; fill: #111 }
        .subtitle, .caption { fill: #667 }
        .panel { font-size: 15px; font-weight: 600; fill: #111 }
        .label { text-anchor: end }
        .sum { font-weight: 600; fill: #111 }
        .number { text-anchor: end; font-variant-numeric: tabular-nums }
        .total { text-anchor: end; font-weight: 600; font-variant-numeric: tabular-nums }
        .column { text-anchor: end; font-weight: 600 }
        .tick { text-anchor: middle; fill: #667; font-size: 11px }
        .base { text-anchor: middle; fill: #111; font-size: 11px; font-weight: 600 }
        .grid { stroke: #e4e6eb }
        .row { stroke: #f1f2f5 }
        .baseline { stroke: #111; stroke-width: 1.5 }
        .range { stroke-width: 3; stroke-opacity: .35; stroke-linecap: round }
        .band { fill: #f5f6f9 }
        .mark { fill: #fff; stroke: #889; stroke-width: 1.5 }
        .stroke { stroke: #889; stroke-width: 2.5 }

        """;

    public static string Draw(ChartModel chart)
    {
        var canvas = new SvgCanvas();
        var drawings = chart.Panels.Select(panel => new PanelDrawing(panel, chart.Series)).ToArray();
        var height = FirstPanel + drawings.Sum(d => d.Height) + Margin;
        canvas.Rectangle(0, 0, Width, height, "paper");
        canvas.Text(Margin, TitleBaseline, chart.Title, "title");
        canvas.Text(Margin, SubtitleBaseline, chart.Subtitle, "subtitle");
        DrawLegend(canvas, chart.Series);
        var y = FirstPanel;
        foreach (var drawing in drawings)
        {
            drawing.Draw(canvas, y);
            y += drawing.Height;
        }
        return canvas.ToImage(Width, height, StyleSheet, chart.Title);
    }

    private static void DrawLegend(SvgCanvas canvas, IReadOnlyList<ChartSeries> series)
    {
        var x = Margin + LegendDot;
        foreach (var one in series)
        {
            canvas.Dot(x, LegendBaseline - 4, LegendDot, one.Color);
            canvas.Text(x + 2 * LegendDot, LegendBaseline, one.Name, "legend");
            x += TextWidth(one.Name) + 2 * LegendDot + LegendGap;
        }
    }

    /// <summary>About as wide as the text is in the chart's font.</summary>
    internal static double TextWidth(string text) => text.Length * 6.4;
}
