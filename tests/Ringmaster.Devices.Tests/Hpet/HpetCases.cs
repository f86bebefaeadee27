using Ringmaster.Devices.Chipset.Hpet;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.Tests.Contract;

namespace Ringmaster.Devices.Tests.Hpet;

public sealed class HpetCases : IDeviceCases
{
    private static readonly uint[] s_registers = [0x10, 0x20, 0xF0, 0xF4, 0x100, 0x108, 0x10C, 0x110, 0x120, 0x128, 0x140, 0x148];

    public IEnumerable<DeviceCase> Cases => [Case("hpet", messages: false), Case("hpet-messages", messages: true)];

    private static DeviceCase Case(string name, bool messages) => new(name, wiring => Create(wiring, messages))
    {
        Stimulate = ProgramOrDriveInput,
        ReleaseInputs = LowerInputs,
    };

    private static HpetDevice Create(TestWiring wiring, bool messages)
    {
        var wires = 0;
        return new HpetDevice("hpet", new HpetWiring(
            wiring.Clock, wiring.Line("irq0"), wiring.Line("irq8"), Connect,
            messages ? (address, data) => wiring.Note($"message {address:x} {data:x}") : null));

        IInterruptLine Connect(int gsi) => wiring.Line($"gsi{gsi} wire {wires++}");
    }

    private static void ProgramOrDriveInput(IDevice device, TestWiring wiring, Random random)
    {
        var hpet = (HpetDevice)device;
        for (var i = random.Next(1, 9); i > 0; i--)
        {
            switch (random.Next(8))
            {
                case 0:
                    hpet.PitInput.Set(random.Next(2) == 0);
                    break;
                case 1:
                    hpet.RtcInput.Set(random.Next(2) == 0);
                    break;
                case 2:
                    hpet.WriteMmio(hpet.MmioRanges[0].Start + 0x10, 4, 1u | ((uint)random.Next(2) << 1));
                    break;
                default:
                    Program(hpet, random);
                    break;
            }
        }
        wiring.Note($"legacy {hpet.IsLegacyReplacement}");
    }

    private static void Program(HpetDevice hpet, Random random)
    {
        var register = s_registers[random.Next(s_registers.Length)];
        var counter = hpet.ReadMmio(hpet.MmioRanges[0].Start + 0xF0, 8);
        var value = random.Next(4) switch
        {
            0 => (ulong)random.NextInt64(),
            1 => (ulong)random.Next(100_000),
            2 => counter + (ulong)random.Next(100_000),
            // A configuration: its bits, one of the routes or none.
            _ => (uint)random.Next(0x200) | ((uint)random.Next(2) * (20u + (uint)random.Next(4)) << 9) | ((uint)random.Next(2) << 14),
        };
        var size = register % 8 == 0 && random.Next(2) == 0 ? 8 : 4;
        hpet.WriteMmio(hpet.MmioRanges[0].Start + register, size, size == 8 ? value : (uint)value);
    }

    private static void LowerInputs(IDevice device)
    {
        ((HpetDevice)device).PitInput.Set(false);
        ((HpetDevice)device).RtcInput.Set(false);
    }
}
