namespace Ringmaster.Machine;

/// <summary>Kinds of events in a trace.</summary>
[Flags]
public enum TraceCategories
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Every VM exit with its answer.</summary>
    Exits = 1,

    /// <summary>Interrupts and exceptions as they are delivered.</summary>
    Interrupts = 2,

    /// <summary>Page-table walks that fault and TLB flushes.</summary>
    Pages = 4,
}
