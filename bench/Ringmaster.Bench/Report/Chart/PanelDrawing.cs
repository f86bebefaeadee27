namespace Ringmaster.Bench.Report.Chart;

/// <summary>Draws a panel: labels at the left, dots over the axis, medians in columns at the right.</summary>
/// <param name="panel">What to draw.</param>
/// <param name="series">The chart's series.</param>
internal sealed class PanelDrawing(ChartPanel panel, IReadOnlyList<ChartSeries> series)
{
    private const double RowHeight = 20, SumGap = 8, Head = 80, MarkLegend = 14, Foot = 30;
    private const double PlotLeft = 220, ColumnWidth = 92, PlotGap = 16, BandInset = 8;
    private const double DotRadius = 5, DiamondRadius = 7, MarkRadius = 4.5, StrokeRadius = 8, TextDrop = 4;

    private readonly double _plotRight = ChartDocument.Width - ChartDocument.Margin - series.Count * ColumnWidth - PlotGap;

    /// <summary>How much room it takes.</summary>
    public double Height => HeadHeight + panel.Rows.Sum(HeightOf) + Foot;

    public void Draw(SvgCanvas canvas, double top)
    {
        canvas.Text(ChartDocument.Margin, top + 24, panel.Title, "panel");
        canvas.Text(ChartDocument.Margin, top + 43, panel.Caption, "caption");
        DrawMarkLegend(canvas, top + 62);
        var first = top + HeadHeight;
        for (var i = 0; i < series.Count; i++)
            canvas.Text(ColumnRight(i), first - 8, series[i].Name, "column", series[i].Color);
        var rows = Placed(first).ToArray();
        foreach (var (row, y) in rows)
            DrawGround(canvas, row, y);
        DrawAxis(canvas, first, first + panel.Rows.Sum(HeightOf));
        foreach (var (row, y) in rows)
            DrawRow(canvas, row, y);
    }

    /// <summary>The rows and the middles of their lines.</summary>
    private IEnumerable<(ChartRow Row, double Y)> Placed(double y)
    {
        foreach (var row in panel.Rows)
        {
            y += HeightOf(row);
            yield return (row, y - RowHeight / 2);
        }
    }

    private double HeadHeight => panel.Marks.Count > 0 ? Head + MarkLegend : Head;

    private static double HeightOf(ChartRow row) => row.IsSum ? RowHeight + SumGap : RowHeight;

    private double X(double value) => PlotLeft + Math.Clamp(panel.Axis.Position(value), 0, 1) * (_plotRight - PlotLeft);

    private double ColumnRight(int index) => ChartDocument.Width - ChartDocument.Margin - (series.Count - 1 - index) * ColumnWidth;

    private void DrawMarkLegend(SvgCanvas canvas, double baseline)
    {
        var x = ChartDocument.Margin + MarkRadius;
        foreach (var mark in panel.Marks)
        {
            DrawMark(canvas, mark.Shape, x, baseline - TextDrop);
            canvas.Text(x + 3 * MarkRadius, baseline, mark.Name, "caption");
            x += ChartDocument.TextWidth(mark.Name) + 8 * MarkRadius;
        }
    }

    private void DrawAxis(SvgCanvas canvas, double top, double bottom)
    {
        foreach (var tick in panel.Axis.Ticks)
        {
            canvas.Line(X(tick), top, X(tick), bottom, "grid");
            canvas.Text(X(tick), bottom + 16, Quantity.Round(tick), "tick");
        }
        if (panel.Baseline is not { } baseline)
            return;
        canvas.Line(X(baseline.Value), top, X(baseline.Value), bottom, "baseline");
        canvas.Text(X(baseline.Value), top - 8, baseline.Name, "base");
    }

    private void DrawGround(SvgCanvas canvas, ChartRow row, double y)
    {
        if (row.IsSum)
        {
            canvas.Rectangle(ChartDocument.Margin, y - RowHeight / 2, ChartDocument.Width - 2 * ChartDocument.Margin, RowHeight, "band");
            canvas.Text(ChartDocument.Margin + BandInset, y + TextDrop, row.Label, "sum");
        }
        else
        {
            canvas.Line(PlotLeft, y, _plotRight, y, "row");
            canvas.Text(PlotLeft - PlotGap, y + TextDrop, row.Label, "label");
        }
    }

    private void DrawRow(SvgCanvas canvas, ChartRow row, double y)
    {
        foreach (var (mark, value) in panel.Marks.Zip(row.Marks))
            DrawMark(canvas, mark.Shape, X(value), y);
        for (var i = 0; i < series.Count; i++)
        {
            if (row.Values[i] is not { } spread)
                continue;
            DrawValue(canvas, row, series[i], spread, y);
            canvas.Text(ColumnRight(i), y + TextDrop, Quantity.Short(spread.Median), row.IsSum ? "total" : "number");
        }
    }

    private void DrawValue(SvgCanvas canvas, ChartRow row, ChartSeries one, Spread spread, double y)
    {
        var tip = $"{row.Label}, {one.Name}: {Quantity.Short(spread)}";
        if (X(spread.Most) - X(spread.Least) > 1)
            canvas.ColoredLine(X(spread.Least), y, X(spread.Most), y, "range", one.Color);
        if (row.IsSum)
            canvas.Diamond(X(spread.Median), y, DiamondRadius, one.Color, tip);
        else
            canvas.Dot(X(spread.Median), y, DotRadius, one.Color, tip);
    }

    private static void DrawMark(SvgCanvas canvas, MarkShape shape, double x, double y)
    {
        switch (shape)
        {
            case MarkShape.Stroke:
                canvas.Line(x, y - StrokeRadius, x, y + StrokeRadius, "stroke");
                break;
            case MarkShape.Square:
                canvas.Rectangle(x - MarkRadius, y - MarkRadius, 2 * MarkRadius, 2 * MarkRadius, "mark");
                break;
            case MarkShape.Triangle:
                canvas.Triangle(x, y, MarkRadius, "mark");
                break;
        }
    }
}
