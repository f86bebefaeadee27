namespace Ringmaster.Architecture.Tests;

/// <summary>Which project may know which: only ones above it in this list, and of those only the ones named.</summary>
internal static class Layers
{
    private const string Prefix = "Ringmaster.";

    private static readonly (string Project, string[] Uses)[] s_layers =
    [
        ("Host", []),
        ("Memory", ["Host"]),
        ("Cpu", ["Memory"]),
        ("Cpu.Interpreter", ["Cpu"]),
        ("Cpu.Translator", ["Cpu.Interpreter"]),
        ("Cpu.Kvm", ["Cpu"]),
        ("Audit", ["Cpu"]),
        ("Devices", ["Memory"]),
        ("Backends", ["Host", "Devices"]),
        ("Firmware", ["Memory", "Cpu"]),
        ("Machine", ["Cpu.Interpreter", "Cpu.Translator", "Cpu.Kvm", "Devices", "Backends", "Firmware"]),
        ("Migration", ["Machine"]),
        ("Control", ["Machine"]),
        ("Cli", ["Machine", "Migration", "Control", "Audit"]),
    ];

    private static readonly Dictionary<string, IReadOnlySet<string>> s_allowed = Close();

    /// <summary>The projects that a project may know, directly or through others; null for a project that the list lacks.</summary>
    public static IReadOnlySet<string>? AllowedTo(string project) => s_allowed.GetValueOrDefault(project);

    private static Dictionary<string, IReadOnlySet<string>> Close()
    {
        var closed = new Dictionary<string, IReadOnlySet<string>>();
        foreach (var (project, uses) in s_layers)
        {
            // The indexer throws for a project further down: that is how the list keeps its one direction.
            var all = uses.SelectMany(used => closed[Prefix + used].Append(Prefix + used));
            closed.Add(Prefix + project, all.ToHashSet());
        }
        return closed;
    }
}
