using Ringmaster.Devices.Pci;

namespace Ringmaster.Devices.Virtio.Pci;

/// <summary>A device's own configuration space as registers.</summary>
/// <param name="device">The device.</param>
internal sealed class DeviceConfig(VirtioDevice device) : IRegisterBlock
{
    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        Span<byte> config = stackalloc byte[device.ConfigLength];
        config.Clear();
        device.ReadConfig(config);
        ulong value = 0;
        for (var i = 0; i < size && offset + (ulong)i < (ulong)config.Length; i++)
            value |= (ulong)config[(int)offset + i] << (8 * i);
        return value;
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        if (offset >= (ulong)device.ConfigLength)
            return;
        Span<byte> bytes = stackalloc byte[Math.Min(size, device.ConfigLength - (int)offset)];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(value >> (8 * i));
        device.WriteConfig((int)offset, bytes);
    }
}
