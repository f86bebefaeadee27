namespace Ringmaster.Bench.Monitors;

/// <summary>What a monitor needs beside the guest's RAM.</summary>
internal static class MonitorMemory
{
    private const string PeakKey = "VmHWM:";

    /// <summary>Mebibytes that were in host memory at most (VmHWM), less the resident part of the guest's RAM.</summary>
    /// <returns>Null if the process is ending.</returns>
    public static double? Measure(IMonitor monitor, int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith(PeakKey, StringComparison.Ordinal));
        if (line is null)
            return null;
        var peak = long.Parse(line[PeakKey.Length..].Trim().Split(' ')[0]) << 10;
        var ram = ProcessMapping.Of(process).Where(monitor.IsGuestRam).Sum(mapping => mapping.Resident);
        return (peak - ram) / 1048576.0;
    }
}
