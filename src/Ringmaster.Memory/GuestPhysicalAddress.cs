using System.Globalization;

namespace Ringmaster.Memory;

/// <summary>A guest-physical address (GPA): what the guest's page tables produce and what its devices use for DMA.</summary>
/// <param name="Value">The address in bytes, 0 to 2^52 - 1.</param>
public readonly record struct GuestPhysicalAddress(ulong Value) : IComparable<GuestPhysicalAddress>
{
    /// <summary>Bytes in the smallest page, 4096.</summary>
    public const int PageSize = 4096;

    /// <summary>The number of the page that holds the address.</summary>
    public ulong Page => Value >> 12;

    /// <summary>Offset inside the page, 0 to 4095.</summary>
    public int PageOffset => (int)(Value & (PageSize - 1));

    /// <inheritdoc/>
    public int CompareTo(GuestPhysicalAddress other) => Value.CompareTo(other.Value);

    /// <summary>The address <paramref name="bytes"/> further on, modulo 2^64.</summary>
    public static GuestPhysicalAddress operator +(GuestPhysicalAddress address, ulong bytes) => new(unchecked(address.Value + bytes));

    /// <summary>The distance in bytes, modulo 2^64.</summary>
    public static ulong operator -(GuestPhysicalAddress left, GuestPhysicalAddress right) => unchecked(left.Value - right.Value);

    /// <summary>Whether <paramref name="left"/> lies below <paramref name="right"/>.</summary>
    public static bool operator <(GuestPhysicalAddress left, GuestPhysicalAddress right) => left.Value < right.Value;

    /// <summary>Whether <paramref name="left"/> lies above <paramref name="right"/>.</summary>
    public static bool operator >(GuestPhysicalAddress left, GuestPhysicalAddress right) => left.Value > right.Value;

    /// <summary>Whether <paramref name="left"/> lies at or below <paramref name="right"/>.</summary>
    public static bool operator <=(GuestPhysicalAddress left, GuestPhysicalAddress right) => left.Value <= right.Value;

    /// <summary>Whether <paramref name="left"/> lies at or above <paramref name="right"/>.</summary>
    public static bool operator >=(GuestPhysicalAddress left, GuestPhysicalAddress right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"0x{Value:x}");
}
