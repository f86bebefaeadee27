using Ringmaster.Devices.Bus;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Bus;

/// <summary>Notes each access, and reads as the low byte of the address, repeated upwards.</summary>
internal sealed class LatchDevice(string name, IReadOnlyList<PortRange>? ports = null, IReadOnlyList<MmioRange>? memory = null)
    : StatelessDevice(name), IPortDevice, IMmioDevice
{
    public List<string> Accesses { get; } = [];

    public IReadOnlyList<PortRange> PortRanges { get; } = ports ?? [];

    public IReadOnlyList<MmioRange> MmioRanges { get; } = memory ?? [];

    protected override string StateKind => "latch";

    public uint ReadPort(IoPort port, int size)
    {
        Accesses.Add($"in {port}/{size}");
        return (uint)Pattern(port.Value);
    }

    public void WritePort(IoPort port, int size, uint value) => Accesses.Add($"out {port}/{size}={value:x}");

    public ulong ReadMmio(GuestPhysicalAddress address, int size)
    {
        Accesses.Add($"load {address}/{size}");
        return Pattern(address.Value);
    }

    public void WriteMmio(GuestPhysicalAddress address, int size, ulong value) => Accesses.Add($"store {address}/{size}={value:x}");

    // Deliberately wider than asked for: the bus must cut it.
    private static ulong Pattern(ulong address)
    {
        ulong value = 0;
        for (var i = 7; i >= 0; i--)
            value = (value << 8) | ((address + (ulong)i) & 0xFF);
        return value;
    }
}
