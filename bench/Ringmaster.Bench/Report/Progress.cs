namespace Ringmaster.Bench.Report;

/// <summary>Says what the benchmark does, on standard error.</summary>
internal sealed class Progress(TextWriter writer)
{
    private readonly Lock _lock = new();

    /// <summary>Says something on a line of its own.</summary>
    public void Say(string text)
    {
        lock (_lock)
            writer.WriteLine(text);
    }

    /// <summary>Says what begins.</summary>
    public void Begin(string text)
    {
        lock (_lock)
            writer.Write($"{text} ...");
    }

    /// <summary>Says how it ended, on the same line.</summary>
    public void End(string text)
    {
        lock (_lock)
            writer.WriteLine($" {text}");
    }
}
