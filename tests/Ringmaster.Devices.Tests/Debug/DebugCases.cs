using Ringmaster.Devices.Debug;
using Ringmaster.Devices.Tests.Contract;

namespace Ringmaster.Devices.Tests.Debug;

public sealed class DebugCases : IDeviceCases
{
    public IEnumerable<DeviceCase> Cases =>
    [
        new("isa-debug-exit", wiring => new IsaDebugExit(status => wiring.Note($"exit {status}"))),
        new("debug-console", wiring => new DebugConsole(value => wiring.Note($"wrote {value:x2}"))),
        new("testdev", wiring => new TestDevice(gsi => wiring.Line($"gsi{gsi}"), 64 << 20, value => wiring.Note($"wrote {value:x2}"))),
    ];
}
