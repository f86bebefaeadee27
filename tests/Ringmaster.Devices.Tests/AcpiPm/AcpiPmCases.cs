using Ringmaster.Devices.Chipset.AcpiPm;
using Ringmaster.Devices.Tests.Contract;

namespace Ringmaster.Devices.Tests.AcpiPm;

public sealed class AcpiPmCases : IDeviceCases
{
    public IEnumerable<DeviceCase> Cases =>
    [
        new("acpi-pm", wiring => Create(wiring, wideTimer: true)) { Stimulate = RaiseEvent },
        new("acpi-pm-24-bit-timer", wiring => Create(wiring, wideTimer: false)) { Stimulate = RaiseEvent },
        new("reset-control", wiring => new ResetControl("reset", kind => wiring.Note($"reset {kind}"))),
    ];

    private static AcpiPmBlock Create(TestWiring wiring, bool wideTimer) => new(
        "acpi-pm",
        new AcpiPmWiring(wiring.Clock, wiring.Line("sci"), type => wiring.Note($"sleep {type}"), value => wiring.Note($"smi {value:x2}")),
        wideTimer: wideTimer);

    private static void RaiseEvent(IDevice device, TestWiring wiring, Random random)
    {
        var block = (AcpiPmBlock)device;
        switch (random.Next(8))
        {
            case 0:
                wiring.Note($"power button heard: {block.PressPowerButton()}");
                break;
            case 1:
                wiring.Note($"sleep button heard: {block.PressSleepButton()}");
                break;
            case 2:
                block.RaiseRtcAlarm();
                break;
            case 3:
                block.Wake();
                break;
            case 4:
                block.WritePort(AcpiPmLayout.SmiCommand, 1, AcpiPmLayout.AcpiEnable);
                break;
            case 5:
                // Long enough for the 24-bit timer to carry.
                wiring.Clock.Advance(random.NextInt64(5_000_000_000));
                break;
            default:
                block.RaiseGpe(random.Next(AcpiPmBlock.GpeCount));
                break;
        }
        wiring.Note($"ACPI mode {block.IsAcpiMode}");
    }
}
