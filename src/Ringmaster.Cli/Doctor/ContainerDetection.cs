namespace Ringmaster.Cli.Doctor;

/// <summary>Finds out whether this process runs in a container, by the marks that container managers leave.</summary>
internal static class ContainerDetection
{
    private static readonly string[] ControlGroupMarks = ["docker", "kubepods", "lxc", "containerd", "libpod"];

    /// <summary>Looks for marks.</summary>
    /// <param name="root">Where the file system starts: "/".</param>
    /// <returns>The kind, or null.</returns>
    internal static string? Find(string root)
    {
        if (File.Exists(Path.Combine(root, ".dockerenv")))
            return "docker";
        if (File.Exists(Path.Combine(root, "run/.containerenv")))
            return "podman";
        if (Read(Path.Combine(root, "run/systemd/container")) is { Length: > 0 } named)
            return named;
        var groups = Read(Path.Combine(root, "proc/1/cgroup")) ?? "";
        return ControlGroupMarks.FirstOrDefault(m => groups.Contains(m, StringComparison.Ordinal));
    }

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
