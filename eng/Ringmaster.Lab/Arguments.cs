using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Ringmaster.Lab;

/// <summary>The command line of eng/lab, which says what each is.</summary>
internal sealed record Arguments(LabOptions Host, string Command, TimeSpan Patience, string? Files, bool ShowLog)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(30);

    internal static bool TryParse(ReadOnlySpan<string> words, [NotNullWhen(true)] out Arguments? parsed)
    {
        parsed = new(new LabOptions { Directory = Environment.CurrentDirectory }, "", s_patience, null, ShowLog: false);
        while (words is [var option, ..] && option.StartsWith("--", StringComparison.Ordinal))
        {
            var hasValue = option != "--log";
            if (hasValue && words.Length == 1)
                return false;
            var value = hasValue ? words[1] : "";
            var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0;
            parsed = option switch
            {
                "--cpus" when isNumber => parsed with { Host = parsed.Host with { Cpus = number } },
                "--memory" when isNumber => parsed with { Host = parsed.Host with { MemoryMebibytes = number } },
                "--cpu" => parsed with { Host = parsed.Host with { Cpu = value } },
                "--append" => parsed with { Host = parsed.Host with { KernelParameters = value } },
                "--patience" when isNumber => parsed with { Patience = TimeSpan.FromSeconds(number) },
                "--files" => parsed with { Files = value },
                "--log" => parsed with { ShowLog = true },
                _ => null,
            };
            if (parsed is null)
                return false;
            words = words[(hasValue ? 2 : 1)..];
        }
        if (words.IsEmpty)
            return false;
        parsed = parsed with { Command = words.Length == 1 ? words[0] : string.Join(' ', words.ToArray().Select(Quoted)) };
        return true;
    }

    private static string Quoted(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
