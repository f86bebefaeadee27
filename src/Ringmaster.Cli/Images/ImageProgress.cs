using System.Globalization;

namespace Ringmaster.Cli.Images;

/// <summary>Shows how a conversion goes: one line that changes on a terminal, nothing elsewhere.</summary>
internal sealed class ImageProgress(TextWriter writer, string name)
{
    private const int BarWidth = 30;

    private readonly bool _live = !Console.IsErrorRedirected;
    private int _shown = -1;

    internal void Report(long done, long total)
    {
        var percent = total == 0 ? 100 : (int)(done * 100.0 / total);
        if (!_live || percent == _shown)
            return;
        _shown = percent;
        var bar = new string('=', percent * BarWidth / 100).PadRight(BarWidth);
        writer.Write(string.Create(CultureInfo.InvariantCulture,
            $"\rringmaster: {name} [{bar}] {percent,3} % of {ImageText.Size(total)}\e[K{(done == total ? "\n" : "")}"));
    }
}
