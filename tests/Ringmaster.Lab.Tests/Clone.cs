namespace Ringmaster.Lab.Tests;

/// <summary>Where the clone is that these tests were built from.</summary>
internal static class Clone
{
    /// <summary>Its root directory.</summary>
    internal static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>The directory of a test project's build.</summary>
    internal static string TestAssembly(string project) => Path.Combine("tests", project, "bin/Release/net10.0", project + ".dll");

    private static string Find(string directory) =>
        File.Exists(Path.Combine(directory, "Ringmaster.slnx")) ? directory
        : Path.GetDirectoryName(directory) is { } parent ? Find(parent)
        : throw new InvalidOperationException("These tests run in a clone of the repository only.");
}
