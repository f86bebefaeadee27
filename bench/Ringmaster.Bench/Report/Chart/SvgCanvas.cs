using System.Globalization;
using System.Net;
using System.Text;

namespace Ringmaster.Bench.Report.Chart;

/// <summary>Writes the elements of an SVG image.</summary>
internal sealed class SvgCanvas
{
    private readonly StringBuilder _elements = new();

    public void Line(double x1, double y1, double x2, double y2, string style) =>
        Element($"<line x1=\"{N(x1)}\" y1=\"{N(y1)}\" x2=\"{N(x2)}\" y2=\"{N(y2)}\" class=\"{style}\"/>");

    public void ColoredLine(double x1, double y1, double x2, double y2, string style, string color) =>
        Element($"<line x1=\"{N(x1)}\" y1=\"{N(y1)}\" x2=\"{N(x2)}\" y2=\"{N(y2)}\" class=\"{style}\" stroke=\"{color}\"/>");

    public void Rectangle(double x, double y, double width, double height, string style) =>
        Element($"<rect x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(width)}\" height=\"{N(height)}\" class=\"{style}\"/>");

    /// <summary>A dot that says something under the pointer.</summary>
    public void Dot(double x, double y, double radius, string color, string tip = "") =>
        Element($"<circle cx=\"{N(x)}\" cy=\"{N(y)}\" r=\"{N(radius)}\" fill=\"{color}\"{Tipped("circle", tip)}");

    /// <summary>A square on its corner.</summary>
    public void Diamond(double x, double y, double radius, string color, string tip = "") => Element(
        $"<path d=\"M{N(x)} {N(y - radius)}L{N(x + radius)} {N(y)}L{N(x)} {N(y + radius)}L{N(x - radius)} {N(y)}Z\" fill=\"{color}\""
        + Tipped("path", tip));

    public void Triangle(double x, double y, double radius, string style) => Element(
        $"<path d=\"M{N(x)} {N(y - radius)}L{N(x + radius)} {N(y + radius)}L{N(x - radius)} {N(y + radius)}Z\" class=\"{style}\"/>");

    /// <summary>Text on a baseline; without a colour it has its style's.</summary>
    public void Text(double x, double y, string text, string style, string color = "")
    {
        var filled = color.Length > 0 ? $" style=\"fill: {color}\"" : "";
        Element($"<text x=\"{N(x)}\" y=\"{N(y)}\" class=\"{style}\"{filled}>{WebUtility.HtmlEncode(text)}</text>");
    }

    /// <summary>The whole image.</summary>
    public string ToImage(double width, double height, string styleSheet, string title) => string.Create(CultureInfo.InvariantCulture, $"""
        <svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img">
        <title>{WebUtility.HtmlEncode(title)}</title>
        <style>{styleSheet}</style>
        {_elements}</svg>

        """);

    private static string Tipped(string element, string tip) => tip.Length > 0 ? $"><title>{WebUtility.HtmlEncode(tip)}</title></{element}>" : "/>";

    private void Element(string text) => _elements.Append(text).Append('\n');

    private static string N(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
