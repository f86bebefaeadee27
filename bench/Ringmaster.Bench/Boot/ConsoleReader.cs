using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Ringmaster.Bench.Boot;

/// <summary>Follows a guest's serial console until a line starts with the marker.</summary>
/// <param name="output">The monitor's standard output.</param>
/// <param name="marker">What the line starts with.</param>
internal sealed partial class ConsoleReader(Stream output, string marker)
{
    private readonly StringBuilder _text = new();

    /// <summary>The kernel's time when it started init, in seconds; null if it did not say.</summary>
    public double? InitTime
    {
        get
        {
            var match = RunInit().Match(_text.ToString());
            return match.Success ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;
        }
    }

    /// <summary>The last lines, to explain a failure.</summary>
    public string Tail => string.Join("\n    ", _text.ToString().TrimEnd().Split('\n').TakeLast(5).Select(line => line.TrimEnd('\r')));

    /// <summary>Reads until the marker.</summary>
    /// <returns>False if the output ended before.</returns>
    public async Task<bool> FindMarkerAsync(CancellationToken cancellation)
    {
        var buffer = new byte[4096];
        var searched = 0;
        while (await output.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var count)
        {
            _text.Append(Encoding.Latin1.GetString(buffer, 0, count));
            // The kernel's own lines may quote the marker, but none starts with it.
            var recent = "\n" + _text.ToString(searched, _text.Length - searched);
            if (recent.Contains('\n' + marker, StringComparison.Ordinal))
                return true;
            searched += Math.Max(0, recent.LastIndexOf('\n'));
        }
        return false;
    }

    [GeneratedRegex(@"^\[\s*([0-9]+\.[0-9]+)\] Run /init as init process", RegexOptions.Multiline)]
    private static partial Regex RunInit();
}
