using Ringmaster.Devices.Chipset.Pci;
using Ringmaster.Machine.Configuration;
using Ringmaster.Memory;

namespace Ringmaster.Machine.Assembly;

/// <summary>Which guest-physical addresses and ports PCI devices may be given: what RAM and the board leave.</summary>
/// <param name="Low">Below 4 GiB.</param>
/// <param name="High">Above all RAM.</param>
internal sealed record PciLayout(RamRange Low, RamRange High)
{
    /// <summary>First of the ports for PCI devices: those below are ISA's.</summary>
    public const ushort FirstPort = 0xC000;

    private const ulong LowEnd = 0xFEC0_0000, EarlyStart = 0x8000_0000, ExpressStart = 0xC000_0000, Gib = 1 << 30;

    /// <summary>The layout of a machine.</summary>
    /// <param name="type">The board.</param>
    /// <param name="memory">The guest's RAM.</param>
    /// <param name="addressBits">Physical address bits of its CPUs.</param>
    public static PciLayout For(MachineType type, GuestMemory memory, int addressBits)
    {
        // Firmware for PCI Express puts its window behind the configuration space; that for older boards starts right behind RAM.
        var low = type == MachineType.Q35 ? ExpressStart : Math.Max(EarlyStart, EndBelow4Gib(memory));
        var high = (Math.Max(memory.Ranges[^1].End.Value, 4 * Gib) + Gib - 1) / Gib * Gib;
        return new PciLayout(new(new(low), LowEnd - low), new(new(high), (1UL << addressBits) - high));
    }

    /// <summary>Where RAM below 4 GiB ends.</summary>
    public static ulong EndBelow4Gib(GuestMemory memory) => memory.Ranges.Last(r => r.Start.Value < 4 * Gib).End.Value;

    /// <summary>Where the configuration space is in memory, if it is.</summary>
    public static GuestPhysicalAddress? EcamOf(MachineType type) => type == MachineType.Q35 ? Q35Chipset.EcamBase : null;
}
