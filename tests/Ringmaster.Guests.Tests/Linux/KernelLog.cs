using System.Globalization;
using System.Text.RegularExpressions;

namespace Ringmaster.Guests.Tests.Linux;

/// <summary>The kernel's log with the levels of its lines.</summary>
internal static partial class KernelLog
{
    /// <summary>Kernel parameters under which logs can be compared.</summary>
    public const string Parameters = "loglevel=7 printk.time=0";

    private static readonly string[] s_faults = ["Oops", "BUG:", "WARNING:", "Call Trace", "not implemented", "firmware bug", "[Firmware Bug]",
        "ACPI Error", "ACPI Warning", "unchecked MSR", "soft lockup", "detected stall", "detected expedited stall", "clocksource: timekeeping watchdog",
        "TSC synchronization", "TSC unstable", "not responding", "Spurious", "nobody cared"];

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

    /// <summary>The lines by which a kernel tells that the machine or the kernel itself is broken, whatever their level.</summary>
    public static IEnumerable<string> Faults(IEnumerable<KernelMessage> messages) =>
        messages.Where(m => s_faults.Any(f => m.Text.Contains(f, StringComparison.OrdinalIgnoreCase))).Select(m => m.Text);

    /// <summary>What a guest is not to say here: faults, and errors that are not accepted.</summary>
    public static IEnumerable<string> Complaints(IReadOnlyList<KernelMessage> messages) =>
        Faults(messages).Concat(messages.Where(m => m.Level <= 3).Select(m => m.Text)).Where(text => !AcceptedComplaints.Has(text));

    /// <summary>The line without what differs between any two boots: numbers and addresses.</summary>
    public static string Normalised(string text) => Number().Replace(text, "#");

    [GeneratedRegex(@"^<(\d+)>(?:\[[ \d.]*\] )?(.*)$", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex(@"\b(?:0x)?[0-9a-fA-F]*[0-9][0-9a-fA-F]*\b")]
    private static partial Regex Number();
}
