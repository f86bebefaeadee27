using Ringmaster.Devices.Display.Vga;
using Ringmaster.Devices.Tests.Contract;

namespace Ringmaster.Devices.Tests.Display;

public sealed class VgaCases : IDeviceCases
{
    public IEnumerable<DeviceCase> Cases =>
    [
        new("vga", wiring => new VgaDevice(wiring.Clock, VgaDevice.LeastMemory)) { Stimulate = Touch },
    ];

    /// <summary>What reaches it by way of PCI, and somebody who looks.</summary>
    private static void Touch(IDevice device, TestWiring wiring, Random random)
    {
        var vga = (VgaDevice)device;
        switch (random.Next(6))
        {
            case 0:
                vga.WriteFrameBuffer((ulong)random.Next(vga.FrameBufferSize), random.Next(1, 9), (ulong)random.NextInt64());
                break;
            case 1:
                wiring.Note($"pixel {vga.ReadFrameBuffer((ulong)random.Next(vga.FrameBufferSize), random.Next(1, 9)):x}");
                break;
            case 2:
                vga.WriteRegisters((ulong)(0x400 + random.Next(0x120)), random.Next(1, 9), (ulong)random.NextInt64());
                break;
            case 3:
                // A mode that can be enabled.
                int[] values = [random.Next(1, 300), random.Next(1, 200), random.Next(5) * 8];
                vga.WriteRegisters(0x508, 2, 0);
                for (var i = 0; i < values.Length; i++)
                    vga.WriteRegisters((ulong)(0x502 + i * 2), 2, (ulong)values[i]);
                vga.WriteRegisters(0x508, 2, (ulong)random.Next(0x100));
                break;
            default:
                var size = vga.Size;
                var pixels = new uint[size.Pixels];
                vga.Capture(pixels);
                var sum = pixels.Aggregate(0u, (all, pixel) => all * 31 + pixel);
                wiring.Note($"shows {size} {sum:x}");
                break;
        }
    }
}
