using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;
using Ringmaster.Bench.Monitors;

namespace Ringmaster.Bench.Tests.Monitors;

public sealed class ConsoleReaderTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Lines_are_put_together_from_pieces()
    {
        var console = new Pipe();
        foreach (var piece in (string[])["first\r\nsec", "ond\n", "\nlast"])
            await console.Writer.WriteAsync(Encoding.ASCII.GetBytes(piece));
        await console.Writer.CompleteAsync();

        Assert.Equal(["first", "second", "", "last"], await Read(console, s_patience));
    }

    [Fact]
    public async Task Silence_ends_the_patience()
    {
        var console = new Pipe();
        await console.Writer.WriteAsync("a line\n"u8.ToArray());

        await Assert.ThrowsAsync<TimeoutException>(() => Read(console, TimeSpan.FromMilliseconds(50)));
    }

    private static async Task<List<string>> Read(Pipe console, TimeSpan silence)
    {
        var lines = new List<string>();
        await foreach (var line in ConsoleReader.LinesAsync(console.Reader.AsStream(), Stopwatch.StartNew(), silence, CancellationToken.None))
            lines.Add(line.Text);
        return lines;
    }
}
