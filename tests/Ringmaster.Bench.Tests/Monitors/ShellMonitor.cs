using Ringmaster.Bench.Monitors;

namespace Ringmaster.Bench.Tests.Monitors;

/// <summary>A shell script in a monitor's place.</summary>
/// <param name="script">The script.</param>
internal sealed class ShellMonitor(string script) : IMonitor
{
    /// <summary>The exit code with which it refuses guests.</summary>
    public const int RefusalExitCode = 2;

    public string Program => "sh";

    public IReadOnlyList<string> Arguments(GuestSpec guest) => ["-c", script];

    public bool IsGuestRam(ProcessMapping mapping) => false;

    public bool Refuses(int exitCode) => exitCode == RefusalExitCode;
}
