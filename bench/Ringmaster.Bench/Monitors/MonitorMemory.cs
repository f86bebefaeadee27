namespace Ringmaster.Bench.Monitors;

/// <summary>What a monitor needs beside the guest's RAM.</summary>
internal static class MonitorMemory
{
    private const string PeakKey = "VmHWM:";

    /// <summary>
    /// Mebibytes that were in host memory at most (VmHWM), less the resident part of the guest's RAM. Memory that a process maps twice,
    /// as monitors do with generated code, is counted once.
    /// </summary>
    /// <returns>Null if the process is ending, or has ended.</returns>
    public static double? Measure(IMonitor monitor, int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith(PeakKey, StringComparison.Ordinal));
            if (line is null)
                return null;
            var peak = long.Parse(line[PeakKey.Length..].Trim().Split(' ')[0]) << 10;
            var mappings = ProcessMapping.Of(process).ToList();
            var ram = mappings.Where(monitor.IsGuestRam).Sum(mapping => mapping.Resident);
            var again = mappings.Where(mapping => mapping.Name.StartsWith("/memfd:", StringComparison.Ordinal) || mapping.Name.StartsWith("/dev/zero", StringComparison.Ordinal)).Sum(mapping => mapping.Resident - mapping.Proportional);
            return (peak - ram - again) / 1048576.0;
        }
        catch (IOException)
        {
            // A line is read when there is time for it; on a busy host the guest may have switched itself off meanwhile.
            return null;
        }
    }
}
