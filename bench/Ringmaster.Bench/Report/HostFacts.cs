using System.Text.Json.Serialization;

namespace Ringmaster.Bench.Report;

/// <summary>The host that figures belong to.</summary>
/// <param name="Processor">Its processors' name.</param>
/// <param name="Processors">How many of them this process may use.</param>
/// <param name="Kernel">The operating system's kernel.</param>
/// <param name="Runtime">.NET's version.</param>
/// <param name="Load">Load average of the last minute before the benchmark; much above 0 disturbs.</param>
internal sealed record HostFacts(string Processor, int Processors, string Kernel, string Runtime, double Load)
{
    /// <summary>Whether others take much of what the benchmark needs.</summary>
    [JsonIgnore]
    public bool IsBusy => Load > Processors / 2.0;

    public static HostFacts Read()
    {
        const string key = "model name";
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal));
        return new HostFacts(
            model?.Split(':', 2)[1].Trim() ?? "unknown",
            Environment.ProcessorCount,
            File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
            Environment.Version.ToString(),
            double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0]));
    }

    public override string ToString() => $"{Processors} x {Processor}, Linux {Kernel}, .NET {Runtime}, load {Load:0.00}";
}
