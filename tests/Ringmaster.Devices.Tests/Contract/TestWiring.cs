using Ringmaster.Devices.Clock;
using Ringmaster.Devices.Dma;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Contract;

/// <summary>What a device is wired to in a test; it keeps a log of all that the device does to its surroundings.</summary>
public sealed class TestWiring
{
    /// <summary>Bytes of <see cref="Memory"/>, from address 0.</summary>
    public const int MemorySize = 0x1_0000;

    private readonly Dictionary<string, InterruptLine> _lines = [];
    private GuestMemory? _memory;
    private TestDisk? _disk;

    public TestWiring(long now = 0)
    {
        Clock = new ManualVmClock();
        Clock.Advance(now);
    }

    public ManualVmClock Clock { get; }

    /// <summary>Guest RAM for devices that do DMA. Its handles free themselves with the test's other garbage.</summary>
    public GuestMemory Memory => _memory ??= GuestMemory.Create([new RamRange(new GuestPhysicalAddress(0), MemorySize)]);

    /// <summary>The same RAM as devices see it.</summary>
    public DmaSpace Dma => new(Memory);

    /// <summary>A disk of some sectors, whose requests are done when <see cref="TestDisk.CompleteSome"/> says so.</summary>
    public TestDisk Disk => _disk ??= new TestDisk(this);

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

    /// <summary>Ends what is under way outside the device without being part of its state.</summary>
    public void Settle() => _disk?.CompleteDrained();

    /// <summary>Takes over the content of another machine's RAM and disk, as a restore of the whole machine does.</summary>
    public void CopyMemoryOf(TestWiring other)
    {
        if (other._memory is { } memory)
            memory.Window(new GuestPhysicalAddress(0), MemorySize).CopyTo(Memory.Window(new GuestPhysicalAddress(0), MemorySize));
        if (other._disk is { } disk)
            disk.CopyContentTo(Disk);
    }

    public void Note(string happened) => Log.Add($"{Clock.Now}: {happened}");
}
