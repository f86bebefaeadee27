namespace Ringmaster.Cli;

/// <summary>
/// What the process returns. All that "run" returns are even: the odd codes belong to the guest, whose isa-debug-exit device returns
/// (value &lt;&lt; 1) | 1.
/// </summary>
internal static class ExitCodes
{
    /// <summary>The guest switched itself off; other commands did what they should.</summary>
    internal const int Success = 0;

    /// <summary>
    /// An engine shows guests something else than the manual says. The audit runs no guest of the user's that could return it.
    /// </summary>
    internal const int Unfaithful = 1;

    /// <summary>The command line, a configuration or an input file is wrong.</summary>
    internal const int Usage = 2;

    /// <summary>The guest crashed beyond recovery.</summary>
    internal const int GuestCrashed = 4;

    /// <summary>The host failed, or this program has a bug.</summary>
    internal const int HostFault = 6;

    /// <summary>The user ended the run: a signal, or Ctrl-A x.</summary>
    internal const int Interrupted = 130;
}
