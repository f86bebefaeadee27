using Ringmaster.Devices.Apic;
using Ringmaster.Devices.Pci;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Chipset.Pci;

/// <summary>
/// A 82Q35 memory controller hub with an ICH9 I/O controller hub (Intel 3 Series and ICH9 datasheets): PCI Express, with its
/// configuration space in memory.
/// </summary>
public sealed class Q35Chipset : IPciChipset
{
    /// <summary>Where firmware places the configuration space: 256 buses of 1 MiB.</summary>
    public static readonly GuestPhysicalAddress EcamBase = new(0xB000_0000);

    private const int PciExpressBar = 0x60, PirqAtoD = 0x60, PirqEtoH = 0x68, FirstGsi = 16, WireCount = 8;
    private static readonly PciAddress s_memoryController = PciAddress.OnBus0(0), s_lpc = PciAddress.OnBus0(31);

    /// <summary>Creates the chipset.</summary>
    /// <param name="bus">The bus that it controls.</param>
    /// <param name="gsis">The board's interrupt wiring.</param>
    /// <param name="powerManagementBase">First port of the ACPI fixed hardware.</param>
    public Q35Chipset(PciBus bus, GsiRouter gsis, IoPort powerManagementBase)
    {
        ArgumentNullException.ThrowIfNull(bus);
        Wires = new PirqRouter(gsis, WireCount, FirstGsi);
        var memoryController = new ChipsetFunction(
            "mch", new PciIdentity(0x8086, 0x29C0, 0x06_0000) { Revision = 2, SubsystemVendor = 0x1AF4, Subsystem = 0x1100 },
            [
                // PCIEXBAR, 64 bits: enable in bit 0, length in bits 2 and 1.
                new(PciExpressBar, 4, 0, 0xF000_0007), new(PciExpressBar + 4, 4, 0, 0xF),
                // PAM0 to PAM6, which here decide nothing: all of the BIOS's area is RAM. SMRAM: there is no system management mode.
                .. Enumerable.Range(0x90, 7).Select(offset => new ChipsetRegister(offset, 1, 0, 0x33)),
                new(0x9D, 1, 0x02, 0x78), new(0x9E, 1, 0x38, 0x00),
            ],
            config => bus.Ecam = Ecam(config));
        var lpc = new ChipsetFunction(
            "lpc", new PciIdentity(0x8086, 0x2918, 0x06_0100) { Revision = 2, SubsystemVendor = 0x1AF4, Subsystem = 0x1100, IsMultifunction = true },
            [
                // PMBASE: the ports do not move.
                new(0x40, 4, powerManagementBase.Value | 1u), new(0x44, 1, 0x80, 0x87), new(0xA0, 2, 0, 0x1F),
                new(0xF0, 4, 0, 0xFFFF_C001),
                .. Enumerable.Range(PirqAtoD, 4).Concat(Enumerable.Range(PirqEtoH, 4)).Select(offset => new ChipsetRegister(offset, 1, PirqRouter.Disabled, 0x8F)),
            ],
            Route);
        Functions = [(s_memoryController, memoryController), (s_lpc, lpc)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<(PciAddress Address, ChipsetFunction Function)> Functions { get; }

    /// <inheritdoc/>
    public PirqRouter Wires { get; }

    /// <inheritdoc/>
    public int WireOf(PciAddress address, int pin) => address.Device < 25 ? 4 + (address.Device + pin - 1) % 4 : (pin - 1) % 4;

    /// <inheritdoc/>
    public int GsiOf(int wire) => FirstGsi + wire;

    /// <inheritdoc/>
    public byte IsaOf(int wire) => (byte)((wire & 2) == 0 ? 10 : 11);

    /// <inheritdoc/>
    public void SetUp(PciBus bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
        bus.WriteConfig(s_memoryController, PciExpressBar + 4, 4, (uint)(EcamBase.Value >> 32));
        bus.WriteConfig(s_memoryController, PciExpressBar, 4, (uint)EcamBase.Value | 1);
        for (var wire = 0; wire < WireCount; wire++)
            bus.WriteConfig(s_lpc, Register(wire), 1, IsaOf(wire));
    }

    private static int Register(int wire) => wire < 4 ? PirqAtoD + wire : PirqEtoH + wire - 4;

    private static GuestPhysicalAddress? Ecam(PciConfigSpace config)
    {
        var low = config.Read(PciExpressBar, 4);
        return (low & 1) == 0 ? null : new GuestPhysicalAddress((ulong)config.Read(PciExpressBar + 4, 4) << 32 | low & 0xF000_0000);
    }

    private void Route(PciConfigSpace config)
    {
        for (var wire = 0; wire < WireCount; wire++)
            Wires.Route(wire, (byte)config.Read(Register(wire), 1));
    }
}
