using Ringmaster.Devices.Serial;
using Ringmaster.Devices.Tests.Contract;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Serial;

public sealed class SerialCases : IDeviceCases
{
    public IEnumerable<DeviceCase> Cases =>
    [
        new("uart", wiring => new Uart16550(
            wiring.Clock, wiring.Line("irq4"), new RecordingSerialBackend(wiring.Note), new IoPort(Uart16550.Com1)))
        {
            Stimulate = ReceiveSome,
        },
        new("uart unplugged", wiring => new Uart16550(wiring.Clock, wiring.Line("irq3"), null, new IoPort(Uart16550.Com2), "uart1"))
        {
            Stimulate = ReceiveSome,
        },
    ];

    private static void ReceiveSome(IDevice device, TestWiring wiring, Random random)
    {
        var bytes = new byte[random.Next(20)];
        random.NextBytes(bytes);
        wiring.Note($"took {((Uart16550)device).Receive(bytes)} of {bytes.Length}");
    }
}
