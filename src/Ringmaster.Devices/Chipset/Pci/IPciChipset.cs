using Ringmaster.Devices.Pci;

namespace Ringmaster.Devices.Chipset.Pci;

/// <summary>What makes a board's PCI bus the one of a certain chipset.</summary>
public interface IPciChipset
{
    /// <summary>Its functions and where they are.</summary>
    IReadOnlyList<(PciAddress Address, ChipsetFunction Function)> Functions { get; }

    /// <summary>The interrupt wires.</summary>
    PirqRouter Wires { get; }

    /// <summary>Which wire of the <see cref="PirqRouter"/> a function's interrupt pin is joined to.</summary>
    /// <param name="address">The function.</param>
    /// <param name="pin">1 for INTA to 4 for INTD.</param>
    int WireOf(PciAddress address, int pin);

    /// <summary>The global system interrupt that a wire causes when firmware has set the board up, for the ACPI tables.</summary>
    int GsiOf(int wire);

    /// <summary>The ISA interrupt that a wire causes then.</summary>
    byte IsaOf(int wire);

    /// <summary>Sets the board up as firmware does.</summary>
    void SetUp(PciBus bus);
}
