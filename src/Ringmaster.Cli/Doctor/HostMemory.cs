using System.Globalization;

namespace Ringmaster.Cli.Doctor;

/// <summary>The host's memory (proc_meminfo(5)).</summary>
internal static class HostMemory
{
    /// <summary>Reads the live figures.</summary>
    internal static (ulong Total, ulong Available) Read()
    {
        try
        {
            return Parse(File.ReadAllLines("/proc/meminfo"));
        }
        catch (IOException)
        {
            return default;
        }
    }

    /// <summary>Reads the lines of /proc/meminfo.</summary>
    /// <returns>Bytes; zero for what is not there.</returns>
    internal static (ulong Total, ulong Available) Parse(IReadOnlyList<string> lines) =>
        (Field(lines, "MemTotal:"), Field(lines, "MemAvailable:"));

    private static ulong Field(IReadOnlyList<string> lines, string name)
    {
        var line = lines.FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
        var words = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words?.Length >= 2 && ulong.TryParse(words[1], CultureInfo.InvariantCulture, out var kibibytes) ? kibibytes * 1024 : 0;
    }
}
