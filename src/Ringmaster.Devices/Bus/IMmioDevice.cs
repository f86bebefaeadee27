using Ringmaster.Memory;

namespace Ringmaster.Devices.Bus;

/// <summary>A device with memory-mapped registers.</summary>
public interface IMmioDevice : IDevice
{
    /// <summary>The addresses it answers from power-on; fixed for the device's life.</summary>
    IReadOnlyList<MmioRange> MmioRanges { get; }

    /// <summary>The guest reads memory of the device.</summary>
    /// <param name="address">The first byte; any alignment. All bytes lie in one of the device's ranges.</param>
    /// <param name="size">1 to 8 bytes.</param>
    /// <returns>The value, little-endian, in the low <paramref name="size"/> bytes.</returns>
    ulong ReadMmio(GuestPhysicalAddress address, int size);

    /// <summary>The guest writes memory of the device.</summary>
    /// <param name="address">The first byte; any alignment. All bytes lie in one of the device's ranges.</param>
    /// <param name="size">1 to 8 bytes.</param>
    /// <param name="value">The value; bytes above <paramref name="size"/> are zero.</param>
    void WriteMmio(GuestPhysicalAddress address, int size, ulong value);
}
