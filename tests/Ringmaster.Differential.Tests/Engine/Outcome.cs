using Ringmaster.Differential.Tests.Native;

namespace Ringmaster.Differential.Tests.Engine;

/// <summary>How a sequence ended, on the host or in an engine.</summary>
internal sealed class Outcome
{
    /// <summary>What kept it from ending with an exception, or null.</summary>
    public string? Problem { get; set; }

    /// <summary>The exception's vector.</summary>
    public ulong Vector { get; set; }

    /// <summary>The error code; zero for exceptions without one.</summary>
    public ulong Error { get; set; }

    /// <summary>CR2; meaningful for page faults only.</summary>
    public ulong Cr2 { get; set; }

    /// <summary>All registers as the handler finds or saves them.</summary>
    public RegisterFrame Registers;

    /// <summary>The quadwords of memory that changed, in ascending order.</summary>
    public List<MemoryChange> Changes { get; } = [];
}
