using System.CommandLine;

namespace Ringmaster.Cli.Completion;

/// <summary>What can follow a command.</summary>
/// <param name="Path">The command's words after the program's name: <c>"guest fetch"</c>; empty for the program itself.</param>
/// <param name="Words">Sub-commands and fixed arguments, each with a description.</param>
/// <param name="Options">Options with both dashes, each with a description.</param>
internal sealed record CompletionEntry(
    string Path,
    IReadOnlyList<(string Word, string Description)> Words,
    IReadOnlyList<(string Word, string Description)> Options)
{
    /// <summary>Walks the tree of commands.</summary>
    internal static IReadOnlyList<CompletionEntry> Of(RootCommand root)
    {
        var entries = new List<CompletionEntry>();
        Add(root, "");
        return entries;

        void Add(Command command, string path)
        {
            var words = command.Subcommands.Select(c => (c.Name, c.Description ?? "")).ToList();
            if (command.Name == "completion")
                words.AddRange([("bash", ""), ("zsh", ""), ("fish", "")]);
            var options = command.Options.Select(o => (o.Name, o.Description ?? "")).Append(("--help", "Show help.")).Distinct();
            entries.Add(new(path, words, [.. options.DistinctBy(o => o.Item1)]));
            foreach (var below in command.Subcommands)
                Add(below, path.Length == 0 ? below.Name : $"{path} {below.Name}");
        }
    }
}
