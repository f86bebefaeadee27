using Ringmaster.Devices.Flash;
using Ringmaster.Devices.Tests.Contract;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Flash;

public sealed class FlashCases : IDeviceCases
{
    public IEnumerable<DeviceCase> Cases =>
    [
        new("flash", _ => new CfiFlash(new GuestPhysicalAddress(0xFFC0_0000), new RecordingFlash(2))) { KeepsStateOverReset = true },
    ];
}
