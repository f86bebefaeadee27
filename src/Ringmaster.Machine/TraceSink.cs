namespace Ringmaster.Machine;

/// <summary>Where a trace goes and what belongs into it.</summary>
/// <param name="Writer">Takes whole lines; safe to use from several threads.</param>
/// <param name="Categories">What to write.</param>
public sealed record TraceSink(TextWriter Writer, TraceCategories Categories)
{
    /// <summary>Whether a category is wanted.</summary>
    public bool Wants(TraceCategories category) => (Categories & category) != 0;
}
