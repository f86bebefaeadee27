using Ringmaster.Devices.Chipset.Pci;
using Ringmaster.Devices.Pci;

namespace Ringmaster.Machine.Assembly;

/// <summary>Does for PCI devices what firmware would do before it starts a kernel: gives them addresses, ports and interrupts.</summary>
internal static class PciPlacement
{
    private const ulong LargestBelow4Gib = 64 << 20;

    /// <summary>Places all functions of a bus, whose devices have just been reset.</summary>
    /// <exception cref="MachineSetupException">They do not fit.</exception>
    public static void Place(PciBus bus, IPciChipset chipset, PciLayout layout)
    {
        chipset.SetUp(bus);
        ulong port = PciLayout.FirstPort, low = layout.Low.Start.Value, high = layout.High.Start.Value;
        // The largest first, so that alignment leaves no gaps.
        var bars = from function in bus.Functions from bar in function.Device.Pci.Bars orderby bar.Size descending select (function.Address, Bar: bar);
        foreach (var (address, bar) in bars.ToList())
        {
            if (bar.IsIo)
                Write(bus, address, bar, Take(ref port, bar.Size, 0x1_0000));
            else if (bar.Is64Bit && bar.Size > LargestBelow4Gib)
                Write(bus, address, bar, Take(ref high, bar.Size, layout.High.End.Value));
            else
                Write(bus, address, bar, Take(ref low, bar.Size, layout.Low.End.Value));
        }
        foreach (var (address, device) in bus.Functions.ToList())
        {
            if (device.Pci.Pin != 0)
                bus.WriteConfig(address, PciRegister.InterruptLine, 1, chipset.IsaOf(chipset.WireOf(address, device.Pci.Pin)));
            bus.WriteConfig(address, PciRegister.Command, 2, bus.ReadConfig(address, PciRegister.Command, 2) | PciRegister.CommandIo | PciRegister.CommandMemory);
        }
    }

    private static void Write(PciBus bus, PciAddress address, PciBar bar, ulong value)
    {
        bus.WriteConfig(address, bar.Offset, 4, (uint)value);
        if (bar.Is64Bit)
            bus.WriteConfig(address, bar.Offset + 4, 4, (uint)(value >> 32));
    }

    private static ulong Take(ref ulong next, ulong size, ulong end)
    {
        var start = (next + size - 1) & ~(size - 1);
        if (start > end - size)
            throw new MachineSetupException("The PCI devices need more addresses than there are. Leave some devices out.");
        next = start + size;
        return start;
    }
}
