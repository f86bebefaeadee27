using System.Net;

namespace Ringmaster.Machine.Configuration;

/// <summary>What the machine's screen, keyboard and pointer are plugged into.</summary>
public abstract record DisplayConfig
{
    private DisplayConfig()
    {
    }

    /// <summary>Nothing: the machine has no screen.</summary>
    public sealed record None : DisplayConfig;

    /// <summary>A VNC server.</summary>
    /// <param name="Address">The address that it listens at, with its port; null with <paramref name="Path"/>.</param>
    /// <param name="Path">The absolute path of the Unix socket that it listens at, or null.</param>
    /// <param name="PasswordFile">The absolute path of a file whose first line is the password, or null for none.</param>
    public sealed record Vnc(IPEndPoint? Address, string? Path, string? PasswordFile) : DisplayConfig;
}
