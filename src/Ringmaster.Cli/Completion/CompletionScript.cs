using System.Text;

namespace Ringmaster.Cli.Completion;

/// <summary>
/// Writes completion scripts. They carry all words with them, so that pressing Tab starts no process; where no word fits, the
/// shell completes file names.
/// </summary>
internal static class CompletionScript
{
    /// <summary>For bash 4 and later.</summary>
    internal static string Bash(IReadOnlyList<CompletionEntry> entries) => $$"""
        # bash completion for ringmaster
        _ringmaster() {
            local current=${COMP_WORDS[COMP_CWORD]} path="" word words=""
            for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
                case "${path:+$path }$word" in
        {{Cases(entries, "            ", e => $"path=\"{e.Path}\"", skipRoot: true)}}
                esac
            done
            case "$path" in
        {{Cases(entries, "        ", e => $"words=\"{Join(e)}\"", skipRoot: false)}}
            esac
            COMPREPLY=( $(compgen -W "$words" -- "$current") )
            if [ ${#COMPREPLY[@]} -eq 0 ]; then
                COMPREPLY=( $(compgen -f -- "$current") )
            fi
        }
        complete -o filenames -F _ringmaster ringmaster ./ringmaster

        """;

    /// <summary>For zsh 5.</summary>
    internal static string Zsh(IReadOnlyList<CompletionEntry> entries) => $$"""
        #compdef ringmaster
        local place="" word
        local -a choices
        for word in ${words[2,CURRENT-1]}; do
            case "${place:+$place }$word" in
        {{Cases(entries, "        ", e => $"place=\"{e.Path}\"", skipRoot: true)}}
            esac
        done
        case "$place" in
        {{Cases(entries, "    ", e => $"choices=({Join(e)})", skipRoot: false)}}
        esac
        compadd -- $choices
        _files

        """;

    /// <summary>For fish 3.</summary>
    internal static string Fish(IReadOnlyList<CompletionEntry> entries)
    {
        var script = new StringBuilder("# fish completion for ringmaster\n");
        foreach (var entry in entries)
        {
            var below = entries.Where(e => e.Path.Length > 0 && entry.Path.Length == 0).Select(e => e.Path.Split(' ')[0]).Distinct().ToList();
            var here = entry.Path.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => $"__fish_seen_subcommand_from {w}")
                .Concat(below.Count > 0 ? [$"not __fish_seen_subcommand_from {string.Join(' ', below)}"] : []);
            var condition = Quote(string.Join("; and ", here));
            foreach (var (word, description) in entry.Words)
                script.Append($"complete -c ringmaster -n {condition} -a {word} -d {Quote(description)}\n");
            foreach (var (word, description) in entry.Options)
                script.Append($"complete -c ringmaster -n {condition} -l {word.TrimStart('-')} -d {Quote(description)}\n");
        }
        return script.ToString();
    }

    private static string Cases(IEnumerable<CompletionEntry> entries, string indent, Func<CompletionEntry, string> action, bool skipRoot) =>
        string.Join('\n', entries.Where(e => !skipRoot || e.Path.Length > 0).Select(e => $"{indent}\"{e.Path}\") {action(e)} ;;"));

    private static string Join(CompletionEntry entry) => string.Join(' ', entry.Words.Concat(entry.Options).Select(w => w.Word));

    private static string Quote(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
