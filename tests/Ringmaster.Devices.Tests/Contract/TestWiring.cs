using Ringmaster.Devices.Clock;
using Ringmaster.Devices.Interrupts;

namespace Ringmaster.Devices.Tests.Contract;

/// <summary>What a device is wired to in a test; it keeps a log of all that the device does to its surroundings.</summary>
public sealed class TestWiring
{
    private readonly Dictionary<string, InterruptLine> _lines = [];

    public TestWiring(long now = 0)
    {
        Clock = new ManualVmClock();
        Clock.Advance(now);
    }

    public ManualVmClock Clock { get; }

    /// <summary>Line changes and call-backs, with their times.</summary>
    public List<string> Log { get; } = [];

    /// <summary>The names of all lines that are up.</summary>
    public IEnumerable<string> RaisedLines => _lines.Where(line => line.Value.IsAsserted).Select(line => line.Key).Order(StringComparer.Ordinal);

    /// <summary>A line whose changes are logged; the same one for the same name.</summary>
    public InterruptLine Line(string name)
    {
        if (!_lines.TryGetValue(name, out var line))
            _lines[name] = line = new InterruptLine(level => Note($"{name} {(level ? "up" : "down")}"));
        return line;
    }

    public void Note(string happened) => Log.Add($"{Clock.Now}: {happened}");
}
