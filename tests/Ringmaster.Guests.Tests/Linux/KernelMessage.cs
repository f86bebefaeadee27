namespace Ringmaster.Guests.Tests.Linux;

/// <summary>A line of the kernel's log.</summary>
/// <param name="Level">0 (emergency) to 7 (debug), as in syslog(2).</param>
/// <param name="Text">The line, without its time.</param>
internal readonly record struct KernelMessage(int Level, string Text)
{
    private const int Warning = 4;

    /// <summary>Whether it is a warning or worse.</summary>
    public bool IsComplaint => Level <= Warning;
}
