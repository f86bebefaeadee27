namespace Ringmaster.Devices.Virtio.Console;

/// <summary>Control messages (virtio 1.2 section 5.3.6.2).</summary>
internal enum ControlEvent : ushort
{
    DeviceReady = 0,
    AddPort = 1,
    PortReady = 3,
    IsConsole = 4,
    Resize = 5,
    Open = 6,
    Name = 7,
}
