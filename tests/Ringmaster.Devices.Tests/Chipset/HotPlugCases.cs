using Ringmaster.Devices.Chipset.HotPlug;
using Ringmaster.Devices.Tests.Contract;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Chipset;

public sealed class HotPlugCases : IDeviceCases
{
    public IEnumerable<DeviceCase> Cases =>
    [
        new("pci-hotplug", wiring => new PciHotplugPorts(() => wiring.Note("gpe"), slot => wiring.Note($"eject {slot}"), slot => slot % 3 == 0))
        {
            Stimulate = (device, _, random) =>
            {
                var ports = (PciHotplugPorts)device;
                if (random.Next(2) == 0)
                    ports.Inserted(random.Next(32));
                else
                    ports.AskToLeave(random.Next(32));
            },
        },
        new("cpu-hotplug", wiring => new CpuHotplugPorts(new IoPort(0xCD8), [0, 1, 4, 5, 8], 2, () => wiring.Note("gpe")))
        {
            KeepsStateOverReset = true,
            Stimulate = (device, _, random) => ((CpuHotplugPorts)device).Add(random.Next(2, 6)),
        },
    ];
}
