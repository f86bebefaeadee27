using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Ringmaster.Lab;

/// <summary>Which QEMU it is that lab hosts run in, and what it gets wrong.</summary>
internal static partial class EmulatorVersion
{
    // Before 8.1 QEMU reads the code that it translates without holding its pages. A processor that writes code meanwhile, as Linux does
    // whenever it switches a static branch, is not noticed: another one goes on executing what was there before, such as the breakpoint
    // of a change that is half done. (QEMU's log of changes calls the cure "accel/tcg: Always lock pages before translation".)
    private static readonly Version s_seesCodeChange = new(8, 1);

    /// <summary>How many processors it emulates so that a host and its guests can rely on them.</summary>
    internal static int ReliableCpus(string program) => ReliableCpus(Find(program));

    /// <summary>As <see cref="ReliableCpus(string)"/>, by its version.</summary>
    internal static int ReliableCpus(Version version) => version >= s_seesCodeChange ? 2 : 1;

    /// <summary>Takes the version from what "--version" says.</summary>
    /// <exception cref="LabException">There is none in it.</exception>
    internal static Version Parse(string said)
    {
        var match = Number().Match(said);
        return match.Success
            ? new Version(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture))
            : throw new LabException($"QEMU does not say its version but \"{said}\".");
    }

    private static Version Find(string program)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, ["--version"]) { RedirectStandardOutput = true })!;
            return Parse(process.StandardOutput.ReadToEnd());
        }
        catch (Win32Exception error)
        {
            throw new LabException($"{program} cannot be started: {error.Message}", error);
        }
    }

    [GeneratedRegex(@"\bversion (\d{1,4})\.(\d{1,4})\b")]
    private static partial Regex Number();
}
