using System.Globalization;
using System.Text.RegularExpressions;

namespace Ringmaster.Guests.Tests.Linux;

/// <summary>The kernel's log with the levels of its lines.</summary>
internal static partial class KernelLog
{
    /// <summary>Kernel parameters under which logs can be compared.</summary>
    public const string Parameters = "loglevel=7 printk.time=0";

    /// <summary>Prints it.</summary>
    public const string Command = "dmesg -r";

    /// <summary>Reads it.</summary>
    public static IReadOnlyList<KernelMessage> Parse(string output)
    {
        var messages = new List<KernelMessage>();
        foreach (Match line in Line().Matches(output))
            // The low three bits are the level, the others the facility.
            messages.Add(new(int.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture) & 7, line.Groups[2].Value.TrimEnd()));
        return messages;
    }

    /// <summary>The line without what differs between any two boots: numbers and addresses.</summary>
    public static string Normalised(string text) => Number().Replace(text, "#");

    [GeneratedRegex(@"^<(\d+)>(?:\[[ \d.]*\] )?(.*)$", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex(@"\b(?:0x)?[0-9a-fA-F]*[0-9][0-9a-fA-F]*\b")]
    private static partial Regex Number();
}
