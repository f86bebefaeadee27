using System.Globalization;
using Ringmaster.Backends.Guests;

namespace Ringmaster.Cli.Run;

/// <summary>Shows how a download goes: one line that changes on a terminal, one line a finished step elsewhere.</summary>
internal sealed class FetchProgress(TextWriter writer) : IProgress<GuestProgress>
{
    private readonly bool _live = !Console.IsErrorRedirected;

    public void Report(GuestProgress value)
    {
        var bytes = value.Total is { } total && !value.Done ? $"{Megabytes(value.Bytes)} of {Megabytes(total)} MB" : $"{Megabytes(value.Bytes)} MB";
        var text = value.Bytes > 0 || value.Total is not null ? $"ringmaster: {value.Step}: {bytes}" : $"ringmaster: {value.Step}";
        if (_live)
            writer.Write($"\r{text}\e[K{(value.Done ? "\n" : "")}");
        else if (value.Done)
            writer.WriteLine(text);
    }

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture);
}
