using System.Text;
using Ringmaster.Backends.Serial;

namespace Ringmaster.Backends.Tests.Serial;

public sealed class EscapeKeysTests
{
    [Theory]
    [InlineData("plain", "plain", "")]
    [InlineData("a\u0001xb", "ab", "Leave")]
    [InlineData("\u0001\u0001", "\u0001", "")]
    [InlineData("\u0001p\u0001s", "", "PowerButton,Statistics")]
    [InlineData("\u0001h\u0001?", "", "Help,Help")]
    [InlineData("\u0003", "\u0003", "")]
    [InlineData("end\u0001", "end", "")]
    public void Commands_are_taken_out_of_what_the_guest_gets(string typed, string left, string commands)
    {
        var seen = new List<ConsoleCommand>();
        var keys = new EscapeKeys(seen.Add);

        var result = keys.Filter(Encoding.ASCII.GetBytes(typed));

        Assert.Equal(left, Encoding.ASCII.GetString(result));
        Assert.Equal(commands, string.Join(',', seen));
    }

    [Fact]
    public void A_command_may_come_in_two_pieces()
    {
        var seen = new List<ConsoleCommand>();
        var keys = new EscapeKeys(seen.Add);
        keys.Filter([1]);

        var left = keys.Filter("xy"u8.ToArray());

        Assert.Equal([ConsoleCommand.Leave], seen);
        Assert.Equal("y"u8.ToArray(), left.ToArray());
    }
}
