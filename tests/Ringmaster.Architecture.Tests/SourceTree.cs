using System.Xml.Linq;

namespace Ringmaster.Architecture.Tests;

/// <summary>The repository that this test was built from.</summary>
internal static class SourceTree
{
    private const string SolutionName = "Ringmaster.slnx";

    /// <summary>The repository's directory.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>All projects below src/.</summary>
    public static IReadOnlyList<SourceProject> Projects { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(path => new SourceProject(Path.GetFileNameWithoutExtension(path), XDocument.Load(path)))
            .OrderBy(project => project.Name, StringComparer.Ordinal),
    ];

    /// <summary>All C# files below src/ that people write.</summary>
    public static IReadOnlyList<FileInfo> Files { get; } =
    [
        .. new DirectoryInfo(Path.Combine(Root, "src")).EnumerateFiles("*.cs", SearchOption.AllDirectories)
            .Where(file => !RelativePath(file).Split('/').Any(part => part is "bin" or "obj"))
            .OrderBy(RelativePath, StringComparer.Ordinal),
    ];

    /// <summary>All types of all assemblies, nested and internal ones included.</summary>
    public static IEnumerable<Type> Types => Projects.SelectMany(project => project.Assembly.GetTypes());

    /// <summary>A file's path as a reader of the repository knows it.</summary>
    public static string RelativePath(FileInfo file) => Path.GetRelativePath(Root, file.FullName);

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, SolutionName)))
                return directory.FullName;
        }
        throw new DirectoryNotFoundException($"No directory above {AppContext.BaseDirectory} has a {SolutionName}.");
    }
}
