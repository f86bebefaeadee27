namespace Ringmaster.Bench.Monitors;

/// <summary>A virtual machine monitor under measurement.</summary>
internal interface IMonitor
{
    /// <summary>The command.</summary>
    string Program { get; }

    /// <summary>Its arguments to run a guest.</summary>
    IReadOnlyList<string> Arguments(GuestSpec guest);

    /// <summary>Whether a mapping of its process is the guest's RAM.</summary>
    bool IsGuestRam(ProcessMapping mapping);

    /// <summary>Whether it ended because it cannot run such a guest at all, not because something failed.</summary>
    bool Refuses(int exitCode);
}
