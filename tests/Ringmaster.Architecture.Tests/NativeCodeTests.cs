using System.Reflection;
using System.Text.RegularExpressions;

namespace Ringmaster.Architecture.Tests;

public sealed partial class NativeCodeTests
{
    private const string HostProject = "Ringmaster.Host";

    [Fact]
    public void Only_the_host_project_calls_native_libraries() => Rule.Holds(
        $"native functions are declared in {HostProject} only, behind safe handles; other projects use its types.",
        from type in SourceTree.Types
        where type.Assembly.GetName().Name != HostProject
        from method in type.GetMethods(Everything)
        where method.Attributes.HasFlag(MethodAttributes.PinvokeImpl)
        select $"{type.FullName}.{method.Name}");

    [Fact]
    public void Only_the_host_project_declares_imports_in_its_sources() => Rule.Holds(
        $"[LibraryImport], [DllImport] and NativeLibrary stand in {HostProject} only.",
        from file in SourceTree.Files
        let path = SourceTree.RelativePath(file)
        where !path.StartsWith($"src/{HostProject}/", StringComparison.Ordinal)
        from line in File.ReadLines(file.FullName).Index()
        where Import().IsMatch(line.Item)
        select $"{path}:{line.Index + 1}");

    [Fact]
    public void Unsafe_code_is_kept_where_memory_and_machine_code_are_handled() => Rule.Holds(
        "AllowUnsafeBlocks is for Ringmaster.Cpu and its engines, Ringmaster.Memory and Ringmaster.Host.",
        from project in SourceTree.Projects
        where project.AllowsUnsafe && !MayBeUnsafe(project.Name)
        select $"{project.Name}.csproj");

    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static bool MayBeUnsafe(string project) =>
        project is HostProject or "Ringmaster.Memory" or "Ringmaster.Cpu" || project.StartsWith("Ringmaster.Cpu.", StringComparison.Ordinal);

    [GeneratedRegex(@"\[\s*(System\.Runtime\.InteropServices\.)?(DllImport|LibraryImport)(Attribute)?\s*\(|\bNativeLibrary\s*\.")]
    private static partial Regex Import();
}
