using System.Xml.Linq;
using Ringmaster.Bench.Report;
using Ringmaster.Bench.Report.Chart;

namespace Ringmaster.Bench.Tests.Report;

public sealed class ChartDocumentTests
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void A_chart_is_an_image_with_a_dot_for_each_value_and_one_in_the_legend()
    {
        var image = XDocument.Parse(ChartDocument.Draw(Chart()));

        Assert.Equal(s_svg + "svg", image.Root!.Name);
        Assert.Equal(2, image.Descendants(s_svg + "circle").Count());
    }

    [Fact]
    public void Names_are_text_whatever_they_contain() =>
        Assert.Contains(XDocument.Parse(ChartDocument.Draw(Chart())).Descendants(s_svg + "text"), text => text.Value == "<fast & slow>");

    [Fact]
    public void A_mean_is_a_diamond_under_a_band()
    {
        var image = XDocument.Parse(ChartDocument.Draw(Chart()));

        Assert.Single(image.Descendants(s_svg + "path"), path => path.Element(s_svg + "title") is not null);
        Assert.Single(image.Descendants(s_svg + "rect"), rectangle => (string?)rectangle.Attribute("class") == "band");
    }

    [Fact]
    public void All_of_it_lies_inside_the_image()
    {
        var root = XDocument.Parse(ChartDocument.Draw(Chart())).Root!;

        var height = (double)root.Attribute("height")!;

        Assert.All(root.Descendants(s_svg + "text"), text => Assert.InRange((double)text.Attribute("y")!, 0, height));
        Assert.All(root.Descendants(s_svg + "circle"), dot => Assert.InRange((double)dot.Attribute("cx")!, 0, (double)root.Attribute("width")!));
    }

    private static ChartModel Chart()
    {
        ChartRow[] rows =
        [
            new("group", [new Spread(2, 2, 2, 1)], [], IsSum: true),
            new("<fast & slow>", [new Spread(2, 1, 3, 3)], []),
            new("nothing", [null], []),
        ];
        var panel = new ChartPanel("Panel", "Caption", LogAxis.Around([1, 3]), (1, "host"), [], rows);
        return new ChartModel("Title", "Subtitle", [new ChartSeries("one", "#123456")], [panel]);
    }
}
