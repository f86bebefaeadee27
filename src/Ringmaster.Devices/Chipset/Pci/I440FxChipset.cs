using Ringmaster.Devices.Apic;
using Ringmaster.Devices.Pci;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Chipset.Pci;

/// <summary>
/// A 82441FX host bridge with a PIIX3 ISA bridge and the power management function of a PIIX4 (Intel 440FX and 82371 datasheets):
/// what systems of the nineties know.
/// </summary>
public sealed class I440FxChipset : IPciChipset
{
    private const int Pirq = 0x60, WireCount = 4;
    private static readonly PciAddress s_isaBridge = PciAddress.OnBus0(1);

    /// <summary>Creates the chipset.</summary>
    /// <param name="gsis">The board's interrupt wiring.</param>
    /// <param name="powerManagementBase">First port of the ACPI fixed hardware.</param>
    public I440FxChipset(GsiRouter gsis, IoPort powerManagementBase)
    {
        Wires = new PirqRouter(gsis, WireCount, firstGsi: null);
        var hostBridge = new ChipsetFunction(
            "i440fx", new PciIdentity(0x8086, 0x1237, 0x06_0000) { Revision = 2, SubsystemVendor = 0x1AF4, Subsystem = 0x1100 },
            [
                // PAM0 to PAM6, which here decide nothing: all of the BIOS's area is RAM. SMRAM: there is no system management mode.
                .. Enumerable.Range(0x59, 7).Select(offset => new ChipsetRegister(offset, 1, 0, 0x33)),
                new(0x72, 1, 0x02, 0x78),
            ]);
        var isaBridge = new ChipsetFunction(
            "piix3", new PciIdentity(0x8086, 0x7000, 0x06_0100) { SubsystemVendor = 0x1AF4, Subsystem = 0x1100, IsMultifunction = true },
            [
                new(0x4C, 1, 0x4D, 0xFF), new(0x4E, 2, 0x0003, 0x07F7), new(0x69, 1, 0x02, 0xFE), new(0x82, 2, 0, 0x000F),
                .. Enumerable.Range(Pirq, WireCount).Select(offset => new ChipsetRegister(offset, 1, PirqRouter.Disabled, 0x8F)),
            ],
            Route);
        var powerManagement = new ChipsetFunction(
            "piix4-pm", new PciIdentity(0x8086, 0x7113, 0x06_8000) { Revision = 3, SubsystemVendor = 0x1AF4, Subsystem = 0x1100 },
            [
                // PMBASE: the ports do not move. DEVACTB says that system management mode has been set up, for there is none.
                new(0x3C, 1, 9), new(0x3D, 1, 1), new(0x40, 4, powerManagementBase.Value | 1u), new(0x58, 4, 0x0200_0000, 0), new(0x80, 1, 0x01, 0x01),
                new(0x90, 4, 1), new(0xD2, 1, 0x09, 0x0F),
            ]);
        Functions = [(PciAddress.OnBus0(0), hostBridge), (s_isaBridge, isaBridge), (PciAddress.OnBus0(1, 3), powerManagement)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<(PciAddress Address, ChipsetFunction Function)> Functions { get; }

    /// <inheritdoc/>
    public PirqRouter Wires { get; }

    /// <inheritdoc/>
    public int WireOf(PciAddress address, int pin) => (address.Device + pin + 2) % 4;

    /// <inheritdoc/>
    public int GsiOf(int wire) => IsaOf(wire);

    /// <inheritdoc/>
    public byte IsaOf(int wire) => (byte)(wire < 2 ? 10 : 11);

    /// <inheritdoc/>
    public void SetUp(PciBus bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
        for (var wire = 0; wire < WireCount; wire++)
            bus.WriteConfig(s_isaBridge, Pirq + wire, 1, IsaOf(wire));
    }

    private void Route(PciConfigSpace config)
    {
        for (var wire = 0; wire < WireCount; wire++)
            Wires.Route(wire, (byte)config.Read(Pirq + wire, 1));
    }
}
