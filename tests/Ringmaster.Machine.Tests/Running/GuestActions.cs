using Ringmaster.Cpu.Exits;
using Ringmaster.Devices.Chipset.AcpiPm;
using Ringmaster.Memory;

namespace Ringmaster.Machine.Tests.Running;

/// <summary>What scripted guests do, as exits.</summary>
internal static class GuestActions
{
    public const ulong ApicPage = 0xFEE0_0000;

    /// <summary>Interrupt commands; a vector may be added.</summary>
    public const uint Fixed = 0x4000, Nmi = 0x4400, Init = 0x4500, Startup = 0x4600, Logical = 0x800, AllButSelf = 0xC_0000;

    public static VmExit In(ushort port, int size = 1) => VmExit.PortRead(new IoPort(port), size);

    public static VmExit Out(ushort port, uint value, int size = 1) => VmExit.PortWrite(new IoPort(port), size, value);

    public static VmExit Load(ulong address, int size = 4) => VmExit.MmioRead(new GuestPhysicalAddress(address), size);

    public static VmExit Store(ulong address, ulong value, int size = 4) => VmExit.MmioWrite(new GuestPhysicalAddress(address), size, value);

    public static VmExit Apic(uint register, uint value) => Store(ApicPage + register, value);

    /// <summary>Switches the machine off.</summary>
    public static VmExit PowerOff => VmExit.PortWrite(
        AcpiPmLayout.Default.Pm1aControl, 2, 1 << 13 | AcpiPmLayout.SleepTypeS5 << 10);

    /// <summary>Software-enables the local APIC.</summary>
    public static VmExit EnableApic => Apic(0xF0, 0x1FF);

    /// <summary>Sends a fixed interrupt to oneself.</summary>
    public static VmExit SelfInterrupt(byte vector) => Apic(0x300, 0x4_4000u | vector);

    /// <summary>Sends an inter-processor interrupt.</summary>
    /// <param name="destination">The APIC ID, or the logical destination.</param>
    /// <param name="command">The low half of the interrupt command register.</param>
    public static IEnumerable<VmExit> Ipi(byte destination, uint command) => [Apic(0x310, (uint)destination << 24), Apic(0x300, command)];

    /// <summary>Starts a processor as operating systems do: INIT, and two start-up IPIs of which it takes the first.</summary>
    public static IEnumerable<VmExit> StartUp(byte destination, byte vector) =>
        [.. Ipi(destination, Init), .. Ipi(destination, Startup | vector), .. Ipi(destination, Startup | vector)];

    /// <summary>Initialises the 8259 pair with vectors from 0x20 on and everything masked but some IRQs.</summary>
    public static IEnumerable<VmExit> ProgramPic(params int[] irqs)
    {
        (ushort Port, byte Value)[] writes =
        [
            (0x20, 0x11), (0x21, 0x20), (0x21, 4), (0x21, 1),
            (0xA0, 0x11), (0xA1, 0x28), (0xA1, 2), (0xA1, 1),
        ];
        foreach (var (port, value) in writes)
            yield return Out(port, value);
        var unmasked = irqs.Append(2).Aggregate(0, (mask, irq) => mask | 1 << irq);
        yield return Out(0x21, (byte)~unmasked);
        yield return Out(0xA1, (byte)(~unmasked >> 8));
    }
}
