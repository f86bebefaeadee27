namespace Ringmaster.Architecture.Tests;

public sealed class LayerTests
{
    private const string OneWay =
        "dependencies flow one way, as the list of layers says: engines and devices never know each other, and nothing knows what is built on it.";

    [Fact]
    public void Every_project_has_its_place_in_the_layers() => Rule.Holds(
        "every project below src/ has a place in the list of layers (Layers.cs of this test, and ARCHITECTURE.md).",
        from project in SourceTree.Projects
        where Layers.AllowedTo(project.Name) is null
        select $"{project.Name} is not in the list");

    [Fact]
    public void Project_files_refer_to_lower_layers_only() => Rule.Holds(
        OneWay,
        from project in SourceTree.Projects
        let allowed = Layers.AllowedTo(project.Name)
        from reference in project.References
        where allowed?.Contains(reference) == false
        select $"{project.Name}.csproj refers to {reference}");

    [Fact]
    public void Assemblies_use_what_their_project_files_say() => Rule.Holds(
        "an assembly uses only assemblies of projects that its project file refers to, directly or through them.",
        from project in SourceTree.Projects
        let referred = Reachable(project)
        from used in UsedBy(project)
        where !referred.Contains(used)
        select $"{project.Name} uses {used}");

    [Fact]
    public void Engines_and_devices_do_not_know_each_other() => Rule.Holds(
        "an engine returns exits as plain values and a device sees bus accesses; only Ringmaster.Machine knows both.",
        from project in SourceTree.Projects
        from used in UsedBy(project)
        where (IsCpu(project.Name) && IsDevices(used)) || (IsDevices(project.Name) && IsCpu(used))
        select $"{project.Name} uses {used}");

    [Fact]
    public void The_tree_was_found() => Assert.Contains(SourceTree.Projects, project => project.Name == "Ringmaster.Cli");

    private static bool IsCpu(string name) => name.StartsWith("Ringmaster.Cpu", StringComparison.Ordinal);

    private static bool IsDevices(string name) => name.StartsWith("Ringmaster.Devices", StringComparison.Ordinal);

    private static IEnumerable<string> UsedBy(SourceProject project)
    {
        var used = project.Assembly.GetReferencedAssemblies().Select(name => name.Name).ToHashSet();
        return SourceTree.Projects.Where(other => used.Contains(other.AssemblyName)).Select(other => other.Name);
    }

    private static HashSet<string> Reachable(SourceProject project)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>(project.References);
        while (open.TryPop(out var name))
        {
            if (!reached.Add(name))
                continue;
            foreach (var next in SourceTree.Projects.Single(other => other.Name == name).References)
                open.Push(next);
        }
        return reached;
    }
}
