namespace Ringmaster.Bench.Monitors;

/// <summary>A mapping of a process's address space, as /proc/PID/smaps tells it (proc(5)).</summary>
/// <param name="Name">The file; empty for anonymous memory.</param>
/// <param name="IsWritable">Whether the process may write to it.</param>
/// <param name="Length">Bytes of address space.</param>
/// <param name="Resident">Bytes in host memory.</param>
/// <param name="Proportional">The same, each page divided by how often it is mapped.</param>
internal sealed record ProcessMapping(string Name, bool IsWritable, long Length, long Resident, long Proportional)
{
    /// <summary>Reads all mappings of a process.</summary>
    public static IEnumerable<ProcessMapping> Of(int process)
    {
        ProcessMapping? mapping = null;
        foreach (var line in File.ReadLines($"/proc/{process}/smaps"))
        {
            var words = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            if (!words[0].EndsWith(':'))
            {
                if (mapping is not null)
                    yield return mapping;
                var bounds = words[0].Split('-');
                mapping = new ProcessMapping(words.Length > 5 ? words[5] : "", words[1].Contains('w', StringComparison.Ordinal),
                    Convert.ToInt64(bounds[1], 16) - Convert.ToInt64(bounds[0], 16), 0, 0);
            }
            else if (words[0] == "Rss:")
            {
                mapping = mapping! with { Resident = long.Parse(words[1]) << 10 };
            }
            else if (words[0] == "Pss:")
            {
                mapping = mapping! with { Proportional = long.Parse(words[1]) << 10 };
            }
        }
        if (mapping is not null)
            yield return mapping;
    }
}
