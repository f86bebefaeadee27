namespace Ringmaster.Bench;

/// <summary>The clone of the repository that the benchmark was built in.</summary>
internal static class Clone
{
    private const string SolutionName = "Ringmaster.slnx";

    /// <summary>A path in it.</summary>
    public static string Path(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Root(), .. parts]);

    private static string Root()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(directory.FullName, SolutionName)))
                return directory.FullName;
        }
        throw new BenchmarkException(
            "The benchmark is not in a clone of the repository, where its guest programs are. Start it there with ./ringmaster bench.");
    }
}
