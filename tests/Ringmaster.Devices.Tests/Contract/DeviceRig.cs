using Ringmaster.Devices.Bus;
using Ringmaster.Devices.Pci;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Contract;

/// <summary>A device on its buses, with a guest that does random things to it.</summary>
public sealed class DeviceRig
{
    private static readonly long[] s_waits = [1, 838, 10_000, 300_000, 2_000_000, 40_000_000];

    private readonly DeviceCase _case;
    private readonly PortBus _ports = new();
    private readonly MmioBus _memory = new();
    private readonly IPciDevice? _pci;
    private readonly IReadOnlyList<PortRange> _portRanges = [];
    private readonly IReadOnlyList<MmioRange> _mmioRanges = [];

    public DeviceRig(DeviceCase device, long now = 0)
    {
        _case = device;
        Wiring = new TestWiring(now);
        Device = device.Create(Wiring);
        if (Device is IPortDevice ports)
        {
            _ports.Attach(ports);
            _portRanges = ports.PortRanges;
        }
        if (Device is IMmioDevice mmio)
        {
            _memory.Attach(mmio);
            _mmioRanges = mmio.MmioRanges;
        }
        if (Device is IPciDevice pci)
        {
            _pci = pci;
            var bus = new PciBus((_, pin) => Wiring.Line($"int{pin}"), (address, data) => Wiring.Note($"message {data:x} to {address:x}"));
            bus.Attach(PciAddress.OnBus0(3), pci);
            pci.Reset();
        }
    }

    public TestWiring Wiring { get; }

    public IDevice Device { get; }

    /// <summary>The state as text, to compare.</summary>
    public string StateText
    {
        get
        {
            var state = Device.Save();
            return $"{state.Kind} {state.Version} {state.Data?.GetRawText()}";
        }
    }

    /// <summary>Resets the device and what drives its inputs, as a machine's reset does.</summary>
    public void Reset()
    {
        _case.ReleaseInputs?.Invoke(Device);
        Device.Reset();
    }

    /// <summary>Lets the guest act, time pass and the outside intervene; answers go to the wiring's log.</summary>
    public void Run(Random random, int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            switch (random.Next(20))
            {
                case < 3:
                    Wiring.Clock.Advance(random.NextInt64(s_waits[random.Next(s_waits.Length)]));
                    break;
                case < 5:
                    _case.Stimulate?.Invoke(Device, Wiring, random);
                    break;
                case < 13 when _portRanges.Count > 0:
                    AccessPort(random);
                    break;
                default:
                    if (_pci is not null && random.Next(4) != 0)
                        AccessFunction(_pci.Pci, random);
                    else if (_mmioRanges.Count > 0)
                        AccessMemory(random);
                    else if (_portRanges.Count > 0)
                        AccessPort(random);
                    break;
            }
        }
    }

    private void AccessPort(Random random)
    {
        var range = _portRanges[random.Next(_portRanges.Count)];
        var port = range.First + random.Next(range.Count);
        var size = random.Next(4) == 0 ? 1 << random.Next(3) : range.MaxAccess;
        if (random.Next(2) == 0)
            Wiring.Note($"{port}/{size} reads {_ports.Read(port, size):x}");
        else
            _ports.Write(port, size, (uint)Value(random));
    }

    private void AccessMemory(Random random)
    {
        var range = _mmioRanges[random.Next(_mmioRanges.Count)];
        // Registers tend to sit at the start of a range and on multiples of four.
        var offset = random.Next(2) == 0 ? (ulong)random.NextInt64((long)range.Length) : (ulong)random.Next((int)Math.Min(range.Length, 0x400));
        if (random.Next(4) != 0)
            offset &= ~3UL;
        var size = random.Next(3) switch { 0 => 4, 1 => 8, _ => random.Next(1, 9) };
        if (random.Next(2) == 0)
            Wiring.Note($"{range.Start + offset}/{size} reads {_memory.Read(range.Start + offset, size):x}");
        else
            _memory.Write(range.Start + offset, size, Value(random));
    }

    /// <summary>Accesses registers as they are behind the base address registers, or the configuration space.</summary>
    private void AccessFunction(PciFunction function, Random random)
    {
        if (function.Bars.Count == 0 || random.Next(6) == 0)
        {
            AccessConfig(function, random);
            return;
        }
        var index = random.Next(function.Bars.Count);
        var bar = function.Bars[index];
        var size = random.Next(3) == 0 && !bar.IsIo ? 8 : 1 << random.Next(3);
        var offset = random.Next(2) == 0 ? (ulong)random.NextInt64((long)bar.Size) : (ulong)random.Next((int)Math.Min(bar.Size, 0x100));
        offset = Math.Min(random.Next(8) == 0 ? offset : offset & ~((ulong)size - 1), bar.Size - (ulong)size);
        if (random.Next(2) == 0)
            Wiring.Note($"bar {index} {offset:x}/{size} reads {bar.Registers.Read(offset, size):x}");
        else
            bar.Registers.Write(offset, size, Value(random) & (size == 8 ? ulong.MaxValue : (1UL << (8 * size)) - 1));
    }

    private void AccessConfig(PciFunction function, Random random)
    {
        var size = 1 << random.Next(3);
        var offset = random.Next(random.Next(4) == 0 ? 0x1000 : 0xC0) & ~(size - 1);
        switch (random.Next(4))
        {
            case 0:
                // As drivers do first of all.
                function.WriteConfig(PciRegister.Command, 2, PciRegister.CommandIo | PciRegister.CommandMemory | PciRegister.CommandBusMaster);
                break;
            case 1:
                function.WriteConfig(offset, size, (uint)Value(random));
                break;
            default:
                Wiring.Note($"config {offset:x}/{size} reads {function.ReadConfig(offset, size):x}");
                break;
        }
    }

    private static ulong Value(Random random) => random.Next(6) switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        2 => 1UL << random.Next(64),
        3 => (ulong)random.Next(32),
        _ => (ulong)random.NextInt64(),
    };
}
