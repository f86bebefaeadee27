using Ringmaster.Memory;

namespace Ringmaster.Devices.Bus;

/// <summary>
/// Guest-physical address space outside RAM: which device answers which address. Addresses that none answers read as all
/// ones and swallow writes.
/// </summary>
/// <param name="rest">Answers what no attached device does, if there is such: the PCI bus.</param>
public sealed class MmioBus(IMmioTarget? rest = null)
{
    private readonly List<(IMmioDevice Device, MmioRange Range)> _ranges = [];

    /// <summary>Connects a device at all its ranges.</summary>
    /// <exception cref="BusConflictException">Another device answers one of the addresses; the bus is unchanged.</exception>
    public void Attach(IMmioDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        foreach (var range in device.MmioRanges)
        {
            foreach (var (other, taken) in _ranges)
            {
                if (range.Start <= taken.Last && taken.Start <= range.Last)
                    throw new BusConflictException($"{device.Name} wants {range}, but {other.Name} already has {taken}.");
            }
        }
        foreach (var range in device.MmioRanges)
            _ranges.Add((device, range));
        _ranges.Sort((a, b) => a.Range.Start.CompareTo(b.Range.Start));
    }

    /// <summary>Carries out a guest's load.</summary>
    /// <param name="address">The first byte.</param>
    /// <param name="size">1 to 8 bytes.</param>
    public ulong Read(GuestPhysicalAddress address, int size)
    {
        if (Find(address, size, out var device))
            return device.ReadMmio(address, size) & Mask(size);
        if (IsFree(address, size))
            return rest is null ? Mask(size) : rest.ReadMmio(address, size) & Mask(size);
        ulong value = 0;
        for (var i = 0; i < size; i++)
            value |= Read(address + (ulong)i, 1) << (i * 8);
        return value;
    }

    /// <summary>Carries out a guest's store.</summary>
    /// <param name="address">The first byte.</param>
    /// <param name="size">1 to 8 bytes.</param>
    /// <param name="value">What is written; bytes above <paramref name="size"/> are ignored.</param>
    public void Write(GuestPhysicalAddress address, int size, ulong value)
    {
        if (Find(address, size, out var device))
        {
            device.WriteMmio(address, size, value & Mask(size));
            return;
        }
        if (IsFree(address, size))
        {
            rest?.WriteMmio(address, size, value & Mask(size));
            return;
        }
        for (var i = 0; i < size; i++)
            Write(address + (ulong)i, 1, (value >> (i * 8)) & 0xFF);
    }

    private static ulong Mask(int size) => size >= 8 ? ulong.MaxValue : (1UL << (size * 8)) - 1;

    /// <summary>Whether no attached device answers any byte.</summary>
    public bool IsFree(GuestPhysicalAddress address, int size)
    {
        var last = address + (ulong)(size - 1);
        foreach (var (_, range) in _ranges)
        {
            if (range.Last >= address)
                return range.Start > last;
        }
        return true;
    }

    /// <summary>Finds the device whose range holds the whole access.</summary>
    private bool Find(GuestPhysicalAddress address, int size, out IMmioDevice device)
    {
        int low = 0, high = _ranges.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var (candidate, range) = _ranges[middle];
            if (address < range.Start)
            {
                high = middle - 1;
            }
            else if (address > range.Last)
            {
                low = middle + 1;
            }
            else
            {
                device = candidate;
                return (ulong)size - 1 <= range.Last - address;
            }
        }
        device = null!;
        return false;
    }
}
