using System.Globalization;

namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>
/// Tells perf(1) where generated code is: /tmp/perf-PID.map, one line a region (Linux, tools/perf/Documentation/jit-interface.txt).
/// </summary>
internal sealed class PerfMap : IDisposable
{
    private readonly StreamWriter _map = new(string.Create(CultureInfo.InvariantCulture, $"/tmp/perf-{Environment.ProcessId}.map"), append: true);

    /// <summary>Names the routines that all regions share.</summary>
    public void AddRuntime(ulong start, int length) => Add(start, length, "translator runtime");

    /// <summary>Names a region after the linear address of the guest code that it was made from.</summary>
    public void Add(Region region) =>
        Add(region.Host, region.Code.Length, string.Create(CultureInfo.InvariantCulture, $"guest {region.Key.Linear:x}{(region.Key.IsUngrouped ? " ungrouped" : "")}"));

    /// <inheritdoc/>
    public void Dispose() => _map.Dispose();

    private void Add(ulong start, int length, string name)
    {
        _map.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{start:x} {length:x} {name}"));
        _map.Flush();
    }
}
