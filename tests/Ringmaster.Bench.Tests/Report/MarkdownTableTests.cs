using Ringmaster.Bench.Report;

namespace Ringmaster.Bench.Tests.Report;

public sealed class MarkdownTableTests
{
    [Fact]
    public void A_table_explains_its_rows_in_the_last_column()
    {
        using var writer = new StringWriter();

        MarkdownTable.Write(writer, new ReportTable("Title", ["a|b"], [new ReportRow("first", ["1"], "what it is"), new ReportRow("second", ["2"])], "A note."));

        Assert.Equal(
            """
            ## Title

            A note.

            |  | a\|b | what |
            | --- | ---: | --- |
            | first | 1 | what it is |
            | second | 2 |  |

            """, writer.ToString());
    }

    [Fact]
    public void A_table_without_explanations_has_no_column_for_them()
    {
        using var writer = new StringWriter();

        MarkdownTable.Write(writer, new ReportTable("Title", ["a"], [new ReportRow("first", ["1"])], ""));

        Assert.DoesNotContain("what", writer.ToString(), StringComparison.Ordinal);
    }
}
