namespace Ringmaster.Conformance.Tests.Harness;

/// <summary>How a case ended.</summary>
public enum Ending
{
    /// <summary>At a mark.</summary>
    Mark,

    /// <summary>In a handler of the interrupt descriptor table.</summary>
    Handler,

    /// <summary>HLT, or MWAIT.</summary>
    Halt,

    /// <summary>A triple fault.</summary>
    Shutdown,

    /// <summary>Not at all, until the clock ran out.</summary>
    Never,
}
