using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;

namespace Ringmaster.Bench.Monitors;

/// <summary>Reads a guest's console line by line and notes when each came.</summary>
internal static class ConsoleReader
{
    /// <param name="output">The monitor's standard output.</param>
    /// <param name="clock">Runs since the start of the command.</param>
    /// <param name="silence">How long nothing may come.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="TimeoutException">Nothing came for so long.</exception>
    public static async IAsyncEnumerable<ConsoleLine> LinesAsync(
        Stream output, Stopwatch clock, TimeSpan silence, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var buffer = new byte[4096];
        var line = new StringBuilder();
        while (await output.ReadAsync(buffer, cancellation).AsTask().WaitAsync(silence, cancellation).ConfigureAwait(false) is > 0 and var count)
        {
            var seconds = clock.Elapsed.TotalSeconds;
            foreach (var character in Encoding.Latin1.GetString(buffer, 0, count))
            {
                if (character != '\n')
                {
                    line.Append(character);
                    continue;
                }
                yield return new ConsoleLine(seconds, line.ToString().TrimEnd('\r'));
                line.Clear();
            }
        }
        if (line.Length > 0)
            yield return new ConsoleLine(clock.Elapsed.TotalSeconds, line.ToString());
    }
}
