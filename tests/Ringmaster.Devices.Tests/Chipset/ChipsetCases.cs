using Ringmaster.Devices.Chipset.InterruptController;
using Ringmaster.Devices.Chipset.IntervalTimer;
using Ringmaster.Devices.Chipset.KeyboardController;
using Ringmaster.Devices.Chipset.RealTimeClock;
using Ringmaster.Devices.Chipset.SystemControl;
using Ringmaster.Devices.Input;
using Ringmaster.Devices.Tests.Contract;

namespace Ringmaster.Devices.Tests.Chipset;

public sealed class ChipsetCases : IDeviceCases
{
    public IEnumerable<DeviceCase> Cases =>
    [
        new("pic", wiring => new PicPair(wiring.Line("intr"))) { Stimulate = RaiseOrAcknowledge },
        new("pit", wiring => new Pit(wiring.Clock, wiring.Line("irq0"))) { Stimulate = GateCounter },
        new("port61", wiring => new SystemControlB(new Pit(wiring.Clock, wiring.Line("irq0")))),
        new("port92", wiring => new SystemControlA(new A20Gate(), () => wiring.Note("reset"))),
        new("rtc", wiring => new Mc146818(wiring.Clock, wiring.Line("irq8"), [0x12, 0x34])) { KeepsStateOverReset = true },
        new("i8042", wiring => new I8042(wiring.Line("irq1"), wiring.Line("irq12"), new A20Gate(), () => wiring.Note("reset")))
        {
            Stimulate = TypeOrPoint,
        },
    ];

    private static void RaiseOrAcknowledge(IDevice device, TestWiring wiring, Random random)
    {
        var pic = (PicPair)device;
        var irq = random.Next(16);
        if (irq == PicPair.CascadeInput)
            wiring.Note($"vector {pic.Acknowledge():x2}");
        else
            pic.Input(irq).Set(random.Next(2) == 0);
    }

    private static void GateCounter(IDevice device, TestWiring wiring, Random random)
    {
        var pit = (Pit)device;
        pit.SetSpeakerGate(random.Next(2) == 0);
        wiring.Note($"speaker {pit.SpeakerOutput}, refresh {pit.RefreshToggle}");
    }

    private static void TypeOrPoint(IDevice device, TestWiring wiring, Random random)
    {
        var controller = (I8042)device;
        var key = new ScanCode((byte)random.Next(0x80), random.Next(3) == 0);
        switch (random.Next(3))
        {
            case 0:
                controller.PressKey(key);
                break;
            case 1:
                controller.ReleaseKey(key);
                break;
            default:
                controller.MoveMouse(random.Next(-600, 600), random.Next(-600, 600), (PointerButtons)random.Next(8));
                break;
        }
    }
}
