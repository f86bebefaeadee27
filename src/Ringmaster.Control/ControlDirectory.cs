namespace Ringmaster.Control;

/// <summary>Where the control sockets of a user's VMs are.</summary>
public static class ControlDirectory
{
    private const string Extension = ".sock";

    /// <summary>The directory: below the user's run-time directory, or that of the system for root.</summary>
    public static string Path { get; } = System.IO.Path.Combine(
        Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } own ? own
            : Environment.IsPrivilegedProcess ? "/run" : System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"{Environment.UserName}-run"),
        "ringmaster");

    /// <summary>The socket of a VM.</summary>
    public static string SocketOf(string name) => System.IO.Path.Combine(Path, name + Extension);

    /// <summary>The names of VMs that have a socket that somebody listens to.</summary>
    public static IReadOnlyList<string> Running() => !Directory.Exists(Path) ? [] :
    [
        .. Directory.EnumerateFiles(Path, "*" + Extension).Where(ControlClient.IsListenedTo)
            .Select(file => System.IO.Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal),
    ];

    /// <summary>Makes the directory, for the user alone.</summary>
    public static void Create() => Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
