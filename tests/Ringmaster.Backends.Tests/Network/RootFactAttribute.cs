namespace Ringmaster.Backends.Tests.Network;

/// <summary>A test in a network namespace of its own, which takes root and, for some, programs that are installed.</summary>
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute(params string[] programs)
    {
        var missing = programs.Where(name => !IsInstalled(name)).ToList();
        if (missing.Count > 0)
            Skip = $"not installed: {string.Join(", ", missing)}";
        else
            Skip = NetworkNamespace.Obstacle;
    }

    private static bool IsInstalled(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Concat(["/usr/sbin", "/sbin"]).Any(directory => File.Exists(Path.Combine(directory, name)));
}
