using Ringmaster.Devices.Apic;
using Ringmaster.Devices.Chipset.AcpiPm;
using Ringmaster.Devices.Chipset.Pci;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.Pci;
using Ringmaster.Devices.Tests.Contract;

namespace Ringmaster.Devices.Tests.Pci;

public sealed class PciCases : IDeviceCases
{
    public IEnumerable<DeviceCase> Cases =>
    [
        new("pci-config", wiring => new PciConfigPorts(Bus(wiring))),
        new("mch", wiring => Q35(wiring).Functions[0].Function),
        new("lpc", wiring => Q35(wiring).Functions[1].Function),
        new("i440fx", wiring => I440Fx(wiring).Functions[0].Function),
        new("piix3", wiring => I440Fx(wiring).Functions[1].Function),
        new("piix4-pm", wiring => I440Fx(wiring).Functions[2].Function),
    ];

    private static PciBus Bus(TestWiring wiring) => new((_, pin) => wiring.Line($"int{pin}"), (_, _) => { });

    private static Q35Chipset Q35(TestWiring wiring) => new(Bus(wiring), Router(wiring), AcpiPmLayout.Default.Base);

    private static I440FxChipset I440Fx(TestWiring wiring) => new(Router(wiring), AcpiPmLayout.Default.Base);

    private static GsiRouter Router(TestWiring wiring)
    {
        IInterruptLine[] inputs = [.. Enumerable.Range(0, GsiRouter.IsaCount).Select(irq => wiring.Line($"irq{irq}"))];
        return new GsiRouter(inputs, new IoApic("ioapic", new ApicBus()));
    }
}
