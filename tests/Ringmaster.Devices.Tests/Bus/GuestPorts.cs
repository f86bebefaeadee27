using Ringmaster.Devices.Bus;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Bus;

/// <summary>The IN and OUT instructions of a test's guest.</summary>
public sealed class GuestPorts
{
    private readonly PortBus _bus = new();

    public GuestPorts(params IPortDevice[] devices)
    {
        foreach (var device in devices)
            _bus.Attach(device);
    }

    public byte In(int port) => (byte)_bus.Read(new IoPort((ushort)port), 1);

    public uint In(int port, int size) => _bus.Read(new IoPort((ushort)port), size);

    public void Out(int port, int value) => _bus.Write(new IoPort((ushort)port), 1, (byte)value);

    public void Out(int port, int size, uint value) => _bus.Write(new IoPort((ushort)port), size, value);
}
