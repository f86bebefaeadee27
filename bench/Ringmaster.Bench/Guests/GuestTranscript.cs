using System.Globalization;
using Ringmaster.Bench.Monitors;

namespace Ringmaster.Bench.Guests;

/// <summary>What the console of the Linux guest tells.</summary>
/// <param name="KernelToInit">Seconds from the kernel's start to its init, by the kernel's own clock.</param>
/// <param name="CommandToInit">Seconds from the start of the command to init's first line.</param>
/// <param name="EndLine">When init was about to switch off, in seconds from the start of the command; null if it did not come so far.</param>
/// <param name="Results">What the programs found, their times in the host's nanoseconds.</param>
/// <param name="FailedPrograms">Programs that did not succeed.</param>
internal sealed record GuestTranscript(
    double? KernelToInit, double? CommandToInit, double? EndLine, IReadOnlyList<ProgramResult> Results, IReadOnlyList<string> FailedPrograms)
{
    /// <summary>How the first line that init prints starts.</summary>
    public const string InitMark = "GUEST init ";

    /// <summary>Reads the lines. A guest's clock may go wrong, so its times are taken by the host's clock in between init's lines.</summary>
    public static GuestTranscript Parse(IReadOnlyList<ConsoleLine> lines)
    {
        double? kernelToInit = null, commandToInit = null, endLine = null, guestStart = null, guestEnd = null;
        var results = new List<ProgramResult>();
        var failed = new List<string>();
        foreach (var line in lines)
        {
            switch (line.Text.Split(' '))
            {
                case ["GUEST", "init", var microseconds, var nanoseconds]:
                    kernelToInit = Number(microseconds) is >= 0 and var time ? time / 1e6 : null;
                    guestStart = Number(nanoseconds) / 1e9;
                    commandToInit = line.Seconds;
                    break;
                case ["GUEST", "end", var nanoseconds]:
                    guestEnd = Number(nanoseconds) / 1e9;
                    endLine = line.Seconds;
                    break;
                case ["GUEST", "failed", var name, ..]:
                    failed.Add(name);
                    break;
                default:
                    if (ProgramResult.TryParse(line.Text, out var result))
                        results.Add(result);
                    break;
            }
        }
        var rate = (endLine - commandToInit) / (guestEnd - guestStart) is > 0 and var known and not double.PositiveInfinity ? known : 1;
        return new GuestTranscript(
            kernelToInit, commandToInit, endLine, [.. results.Select(r => r with { Nanoseconds = r.Nanoseconds * rate })], failed);
    }

    private static double? Number(string text) => double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;
}
