using Ringmaster.Memory;

namespace Ringmaster.Devices.Bus;

/// <summary>Something that answers accesses to guest-physical addresses outside RAM.</summary>
public interface IMmioTarget
{
    /// <summary>The guest reads.</summary>
    /// <param name="address">The first byte; any alignment.</param>
    /// <param name="size">1 to 8 bytes.</param>
    /// <returns>The value, little-endian, in the low <paramref name="size"/> bytes.</returns>
    ulong ReadMmio(GuestPhysicalAddress address, int size);

    /// <summary>The guest writes.</summary>
    /// <param name="address">The first byte; any alignment.</param>
    /// <param name="size">1 to 8 bytes.</param>
    /// <param name="value">The value; bytes above <paramref name="size"/> are zero.</param>
    void WriteMmio(GuestPhysicalAddress address, int size, ulong value);
}
