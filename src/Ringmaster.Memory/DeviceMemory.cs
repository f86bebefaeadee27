using System.Buffers;
using Ringmaster.Host;

namespace Ringmaster.Memory;

/// <summary>
/// Memory of a device's that a guest's loads and stores reach as fast as RAM, wherever <see cref="GuestMemory.Show"/> places it. It
/// is the device's: nothing is fetched or translated from there, and other devices do not reach it.
/// </summary>
/// <remarks>It is freed when nobody refers to it any more, for somebody may still look at a screen whose machine has ended.</remarks>
public sealed unsafe class DeviceMemory : MemoryManager<byte>
{
    private readonly int _length;

    /// <summary>Makes zeroed memory.</summary>
    /// <param name="length">Bytes; a multiple of the page size.</param>
    /// <exception cref="LinuxException">The host has not enough memory.</exception>
    public DeviceMemory(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        if (length % GuestPhysicalAddress.PageSize != 0)
            throw new ArgumentException("Memory consists of pages.", nameof(length));
        _length = length;
        Pages = AddressReservation.CreateShared((nuint)length);
    }

    /// <summary>Bytes.</summary>
    public ulong Length => (ulong)_length;

    internal AddressReservation Pages { get; }

    /// <inheritdoc/>
    // SAFETY: the pages stay mapped as long as this object.
    public override Span<byte> GetSpan() => new(Pages.Address, _length);

    /// <summary>It lies outside the collected heap and never moves.</summary>
    public override MemoryHandle Pin(int elementIndex = 0) => new(Pages.Address + elementIndex, default, this);

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Pages.Dispose();
    }
}
