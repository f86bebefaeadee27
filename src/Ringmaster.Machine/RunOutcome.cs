namespace Ringmaster.Machine;

/// <summary>Why a virtual machine is not running any more.</summary>
public abstract record RunOutcome
{
    private RunOutcome()
    {
    }

    /// <summary>The guest switched itself off.</summary>
    public sealed record PoweredOff : RunOutcome;

    /// <summary>The guest ended the run through a debug-exit device.</summary>
    /// <param name="Code">The process exit code it asked for, 0 to 255: (value &lt;&lt; 1) | 1 for isa-debug-exit.</param>
    public sealed record DebugExit(int Code) : RunOutcome;

    /// <summary>The guest crashed beyond recovery: a triple fault with nothing to reset into.</summary>
    /// <param name="Report">What happened, readable, several lines.</param>
    public sealed record Crashed(string Report) : RunOutcome;

    /// <summary>The caller asked the run to end.</summary>
    public sealed record Stopped : RunOutcome;
}
