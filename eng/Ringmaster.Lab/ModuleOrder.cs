using System.Text;

namespace Ringmaster.Lab;

/// <summary>
/// In which order kernel modules are loaded: each behind those that it needs, as the "depends=" line of its .modinfo section says
/// (Linux, Documentation/kbuild/modules.rst).
/// </summary>
internal static class ModuleOrder
{
    private static readonly byte[] s_key = Encoding.ASCII.GetBytes("\0depends=");

    /// <summary>Finds modules and all that they need.</summary>
    /// <param name="directory">The kernel's directory below lib/modules.</param>
    /// <param name="wanted">Names without ".ko".</param>
    /// <returns>Their files, in order.</returns>
    /// <exception cref="LabException">The kernel has no such module.</exception>
    internal static IReadOnlyList<string> Resolve(string directory, IEnumerable<string> wanted)
    {
        var files = Directory.EnumerateFiles(directory, "*.ko", SearchOption.AllDirectories).ToDictionary(f => Name(Path.GetFileNameWithoutExtension(f)));
        var order = new List<string>();
        foreach (var name in wanted)
            Add(name);
        return order;

        void Add(string name)
        {
            if (!files.TryGetValue(Name(name), out var file))
                throw new LabException($"The kernel in {directory} has no module {name}.");
            if (order.Contains(file))
                return;
            foreach (var needed in Needs(File.ReadAllBytes(file)))
                Add(needed);
            order.Add(file);
        }
    }

    /// <summary>The names behind "depends=".</summary>
    internal static IReadOnlyList<string> Needs(ReadOnlySpan<byte> module)
    {
        var at = module.IndexOf(s_key);
        if (at < 0)
            return [];
        var rest = module[(at + s_key.Length)..];
        var names = Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
        return names.Split(',', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The kernel takes hyphens and underscores for the same.</summary>
    private static string Name(string module) => module.Replace('-', '_');
}
