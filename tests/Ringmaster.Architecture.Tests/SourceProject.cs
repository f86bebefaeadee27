using System.Reflection;
using System.Xml.Linq;

namespace Ringmaster.Architecture.Tests;

/// <summary>A project below src/, as its project file and its built assembly show it.</summary>
/// <param name="Name">File name of the project without extension.</param>
/// <param name="Definition">The project file.</param>
public sealed record SourceProject(string Name, XDocument Definition)
{
    /// <summary>The names of the projects that the project file refers to.</summary>
    public IReadOnlyList<string> References =>
    [
        .. Definition.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/'))),
    ];

    /// <summary>Whether the project file lets C# use pointers.</summary>
    public bool AllowsUnsafe => Property("AllowUnsafeBlocks") is { } value && bool.Parse(value);

    /// <summary>The assembly as it was built for this test run.</summary>
    public Assembly Assembly => Assembly.Load(AssemblyName);

    /// <summary>The assembly's simple name.</summary>
    public string AssemblyName => Property("AssemblyName") ?? Name;

    public override string ToString() => Name;

    private string? Property(string name) => Definition.Descendants(name).FirstOrDefault()?.Value;
}
