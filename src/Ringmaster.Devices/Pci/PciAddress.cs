using System.Globalization;

namespace Ringmaster.Devices.Pci;

/// <summary>Where a function is on the PCI buses.</summary>
/// <param name="Bus">0 to 255.</param>
/// <param name="Device">0 to 31.</param>
/// <param name="Function">0 to 7.</param>
public readonly record struct PciAddress(byte Bus, byte Device, byte Function)
{
    /// <summary>Devices on a bus.</summary>
    public const int Devices = 32;

    /// <summary>Functions of a device.</summary>
    public const int Functions = 8;

    /// <summary>A function of bus 0.</summary>
    /// <param name="device">0 to 31.</param>
    /// <param name="function">0 to 7.</param>
    public static PciAddress OnBus0(int device, int function = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)device, (uint)Devices);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)function, (uint)Functions);
        return new PciAddress(0, (byte)device, (byte)function);
    }

    /// <summary>Takes it apart as configuration accesses carry it: bus in bits 15 to 8, device in 7 to 3, function in 2 to 0.</summary>
    public static PciAddress FromRoutingId(uint id) => new((byte)(id >> 8), (byte)((id >> 3) & 0x1F), (byte)(id & 7));

    /// <summary>Its number as a requester on the bus.</summary>
    public ushort RoutingId => (ushort)(Bus << 8 | Device << 3 | Function);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Bus:x2}:{Device:x2}.{Function:x}");
}
