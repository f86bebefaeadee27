using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ringmaster.Host;

namespace Ringmaster.Memory;

/// <summary>
/// The guest's RAM and ROM: some ranges of guest-physical address space, in memory of this process. The whole span from
/// address 0 is reserved in one piece, so that a byte's host virtual address is <see cref="HostBase"/> plus its GPA.
/// </summary>
/// <remarks>
/// Reads and writes go straight to the mapping and take no lock; an access of up to 8 naturally aligned bytes is
/// atomic, as on hardware. Nothing here throws for an address that a guest chose: calls that may miss RAM say so by
/// returning false. ROM is for reading and fetching only; engines pass stores there on like stores to no memory at all, so that
/// a device may answer them.
/// </remarks>
public sealed unsafe class GuestMemory : IDisposable
{
    private readonly AddressReservation _reservation;
    private readonly RamRange[] _ranges;
    private readonly RamRange[] _roms;
    private RamRange? _shown;
    private DeviceMemory? _device;

    private GuestMemory(RamRange[] ranges, RamRange[] roms, AddressReservation reservation)
    {
        _ranges = ranges;
        _roms = roms;
        _reservation = reservation;
        HostBase = reservation.Address;
        PageCount = reservation.Length / GuestPhysicalAddress.PageSize;
        Watch = new CodeWatch((long)PageCount);
        DirtyLog = new DirtyLog(this);
        foreach (var range in ranges)
            Size += range.Length;
    }

    /// <summary>Bytes of RAM in all ranges together.</summary>
    public ulong Size { get; }

    /// <summary>Pages from address 0 to the end of the last range of RAM or ROM, or to where device memory can be; holes included.</summary>
    public ulong PageCount { get; }

    /// <summary>The RAM ranges, in ascending order.</summary>
    public IReadOnlyList<RamRange> Ranges => _ranges;

    /// <summary>The ROM ranges, in ascending order.</summary>
    public IReadOnlyList<RamRange> Roms => _roms;

    /// <summary>Where <see cref="Show"/> has placed a device's memory; null for nowhere.</summary>
    public RamRange? Shown => _shown;

    /// <summary>The host virtual address at which GPA 0 is, or would be. Only bytes inside a range may be touched.</summary>
    public byte* HostBase { get; }

    /// <summary>Says which pages hold code that an engine has cached, and tells engines when a device writes to one.</summary>
    public CodeWatch Watch { get; }

    /// <summary>Says which pages of RAM have been written to, when that is wanted.</summary>
    public DirtyLog DirtyLog { get; }

    /// <summary>Reserves and maps the ranges; all bytes of RAM are zero.</summary>
    /// <param name="ranges">The RAM.</param>
    /// <param name="roms">Read-only memory and its content.</param>
    /// <exception cref="ArgumentException">A range is empty, unaligned, or overlaps another.</exception>
    /// <exception cref="LinuxException">The host has not enough address space or memory.</exception>
    public static GuestMemory Create(IReadOnlyList<RamRange> ranges, params IReadOnlyList<RomImage> roms) => Create(ranges, roms, default);

    /// <summary>Reserves and maps the ranges; all bytes of RAM are zero.</summary>
    /// <param name="ranges">The RAM.</param>
    /// <param name="roms">Read-only memory and its content.</param>
    /// <param name="reach">One past the last byte where <see cref="Show"/> may place device memory; page-aligned.</param>
    /// <param name="backing">
    /// What RAM is made of. With reserved pages, all ranges must lie, side by side or with holes that nothing else uses, in whole ones.
    /// </param>
    /// <exception cref="ArgumentException">A range is empty, unaligned, or overlaps another.</exception>
    /// <exception cref="LinuxException">The host has not enough address space or memory.</exception>
    public static GuestMemory Create(
        IReadOnlyList<RamRange> ranges, IReadOnlyList<RomImage> roms, GuestPhysicalAddress reach, MemoryBacking backing = default)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        ArgumentNullException.ThrowIfNull(roms);
        var sorted = ranges.OrderBy(r => r.Start.Value).ToArray();
        var sortedRoms = roms.OrderBy(r => r.Start.Value).ToArray();
        if (sorted.Length == 0)
            throw new ArgumentException("A guest needs at least one RAM range.", nameof(ranges));
        RamRange[] romRanges = [.. sortedRoms.Select(r => r.Range)];
        var end = CheckLayout(sorted.Concat(romRanges).OrderBy(r => r.Start.Value));

        var reservation = AddressReservation.Create((nuint)Math.Max(end, reach.Value), backing.Pages);
        try
        {
            foreach (var range in romRanges)
                reservation.Map((nuint)range.Start.Value, (nuint)range.Length);
            foreach (var range in InWholePages(sorted, backing))
                reservation.Map((nuint)range.Start.Value, (nuint)range.Length, backing.Pages);
            foreach (var range in backing.IsLocked ? sorted : [])
                reservation.Lock((nuint)range.Start.Value, (nuint)range.Length);
            // SAFETY: the ranges have just been mapped.
            foreach (var rom in sortedRoms)
                rom.Content.Span.CopyTo(new Span<byte>(reservation.Address + rom.Start.Value, rom.Content.Length));
            return new GuestMemory(sorted, romRanges, reservation);
        }
        catch
        {
            reservation.Dispose();
            throw;
        }
    }

    /// <summary>The ranges, with the holes between them that share a reserved page with both.</summary>
    private static List<RamRange> InWholePages(RamRange[] ranges, MemoryBacking backing)
    {
        if (backing.ReservedPageSize is not { } size)
            return [.. ranges];
        var whole = new List<RamRange>();
        foreach (var range in ranges)
        {
            var start = range.Start.Value / size * size;
            var end = (range.End.Value + size - 1) / size * size;
            if (whole.Count != 0 && whole[^1].End.Value > start)
            {
                start = whole[^1].Start.Value;
                whole.RemoveAt(whole.Count - 1);
            }
            whole.Add(new RamRange(new(start), end - start));
        }
        return whole;
    }

    /// <summary>Makes another memory with the same layout and content.</summary>
    /// <exception cref="LinuxException">The host has not enough address space or memory.</exception>
    public GuestMemory CreateCopy()
    {
        var copy = Create(_ranges, [.. _roms.Select(r => new RomImage(r.Start, new ReadOnlySpan<byte>(HostBase + r.Start.Value, (int)r.Length).ToArray()))]);
        CopyTo(copy);
        return copy;
    }

    /// <summary>Copies all of RAM into a memory with the same layout, whose engines drop the code that they have cached.</summary>
    public void CopyTo(GuestMemory copy)
    {
        ArgumentNullException.ThrowIfNull(copy);
        // SAFETY: both have the same ranges, and a range is mapped as a whole.
        foreach (var range in _ranges)
        {
            Buffer.MemoryCopy(HostBase + range.Start.Value, copy.HostBase + range.Start.Value, range.Length, range.Length);
            copy.Watch.DeviceWrote(range.Start, range.Length);
        }
    }

    /// <summary>Checks ranges in ascending order.</summary>
    /// <returns>One past the last byte of all.</returns>
    private static ulong CheckLayout(IEnumerable<RamRange> sorted)
    {
        ulong end = 0;
        foreach (var range in sorted)
        {
            if (range.Length == 0 || (range.Length | range.Start.Value) % GuestPhysicalAddress.PageSize != 0 || range.End < range.Start)
                throw new ArgumentException($"Memory range {range} is empty or not page-aligned.", nameof(sorted));
            if (range.Start.Value < end)
                throw new ArgumentException($"Memory range {range} overlaps another.", nameof(sorted));
            end = range.End.Value;
        }
        return end;
    }

    /// <summary>
    /// The usual PC layout: RAM from 0 on with a hole for legacy video memory, and, where that would be in the way of PCI devices
    /// (2.75 GiB or more), only 2 GiB of it below 4 GiB and the rest above.
    /// </summary>
    /// <param name="size">Bytes of RAM; a multiple of the page size, at least 1 MiB.</param>
    /// <param name="roms">Read-only memory, above the RAM below 4 GiB.</param>
    public static GuestMemory CreatePc(ulong size, params IReadOnlyList<RomImage> roms) => CreatePc(size, roms, default);

    /// <summary>The usual PC layout, with room for device memory.</summary>
    /// <param name="size">Bytes of RAM; a multiple of the page size, at least 1 MiB.</param>
    /// <param name="roms">Read-only memory, above the RAM below 4 GiB.</param>
    /// <param name="reach">One past the last byte where <see cref="Show"/> may place device memory.</param>
    /// <param name="backing">What RAM is made of; the size is a multiple of the pages', if they are reserved ones.</param>
    public static GuestMemory CreatePc(ulong size, IReadOnlyList<RomImage> roms, GuestPhysicalAddress reach, MemoryBacking backing = default)
    {
        const ulong videoStart = 0xA0000, videoEnd = 0xC0000, mostLow = 0xB000_0000, splitAt = 0x8000_0000, highStart = 0x1_0000_0000;
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 0x10_0000UL);
        var lowEnd = size < mostLow ? size : splitAt;
        var ranges = new List<RamRange> { new(new(0), videoStart), new(new(videoEnd), lowEnd - videoEnd) };
        if (size > lowEnd)
            ranges.Add(new(new(highStart), size - lowEnd));
        return Create(ranges, roms, reach, backing);
    }

    /// <summary>
    /// Lets loads and stores at an address reach a device's memory, and no longer where it was. No vCPU may be executing, and all
    /// must forget what they know of addresses before they go on.
    /// </summary>
    /// <param name="device">The memory.</param>
    /// <param name="at">Where; null for nowhere. Page-aligned, below what was reserved for it, and beside all RAM and ROM.</param>
    /// <exception cref="ArgumentException">It cannot be there, or other memory is shown already.</exception>
    /// <exception cref="LinuxException">The host refused; the memory is nowhere then.</exception>
    public void Show(DeviceMemory device, GuestPhysicalAddress? at)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (_device is not null && _device != device)
            throw new ArgumentException("Other device memory is shown already.", nameof(device));
        var range = at is { } start ? new RamRange(start, device.Length) : (RamRange?)null;
        if (range is { } place && !CanShow(place))
            throw new ArgumentException($"Device memory cannot be at {place.Start}.", nameof(at));
        if (_shown is { } before)
            _reservation.Unmap((nuint)before.Start.Value, (nuint)before.Length);
        _shown = null;
        _device = device;
        if (range is { } there)
            _reservation.MapView((nuint)there.Start.Value, device.Pages);
        _shown = range;
    }

    /// <summary>Whether device memory can be in a range.</summary>
    public bool CanShow(RamRange range) =>
        range.Start.PageOffset == 0 && range.End >= range.Start && range.End.Value <= PageCount * GuestPhysicalAddress.PageSize
        && !_ranges.Concat(_roms).Any(other => other.Start < range.End && range.Start < other.End);

    /// <summary>Whether the guest's loads get all bytes from <paramref name="address"/> on from memory: RAM, ROM, or a device's.</summary>
    public bool IsLoadable(GuestPhysicalAddress address, ulong length) => IsReadable(address, length) || IsShown(address, length);

    /// <summary>Whether the guest's stores put all bytes from <paramref name="address"/> on into memory: RAM, or a device's.</summary>
    public bool IsStorable(GuestPhysicalAddress address, ulong length) => Contains(address, length) || IsShown(address, length);

    private bool IsShown(GuestPhysicalAddress address, ulong length) =>
        _shown is { } range && address.Value - range.Start.Value < range.Length && length <= range.Length - (address.Value - range.Start.Value);

    /// <summary>Loads as the guest does, from RAM, ROM, or a device's memory.</summary>
    /// <returns>False, with nothing loaded, if any byte is elsewhere.</returns>
    public bool TryLoad(GuestPhysicalAddress address, Span<byte> destination)
    {
        if (!IsLoadable(address, (ulong)destination.Length))
            return false;
        // SAFETY: IsLoadable has checked that the bytes lie in one mapped range.
        SharedBytes.Load(HostBase + address.Value, destination);
        return true;
    }

    /// <summary>Whether all bytes from <paramref name="address"/> on are RAM, in one range.</summary>
    public bool Contains(GuestPhysicalAddress address, ulong length) => IsIn(_ranges, address, length);

    /// <summary>Whether all bytes from <paramref name="address"/> on are RAM or ROM, in one range.</summary>
    public bool IsReadable(GuestPhysicalAddress address, ulong length) =>
        IsIn(_ranges, address, length) || (_roms.Length != 0 && IsIn(_roms, address, length));

    private static bool IsIn(RamRange[] ranges, GuestPhysicalAddress address, ulong length)
    {
        foreach (var range in ranges)
        {
            if (address.Value - range.Start.Value < range.Length)
                return length <= range.Length - (address.Value - range.Start.Value);
        }
        return false;
    }

    /// <summary>The range of RAM, ROM or a device's memory that holds an address, or null.</summary>
    public RamRange? RangeOf(GuestPhysicalAddress address)
    {
        foreach (var range in _ranges)
        {
            if (address.Value - range.Start.Value < range.Length)
                return range;
        }
        foreach (var range in _roms)
        {
            if (address.Value - range.Start.Value < range.Length)
                return range;
        }
        return IsShown(address, 1) ? _shown : null;
    }

    /// <summary>Whether the page that holds the address is RAM.</summary>
    public bool IsRam(GuestPhysicalAddress address) => Contains(address, 1);

    /// <summary>Copies from RAM or ROM.</summary>
    /// <returns>False, with nothing copied, if any byte is neither.</returns>
    public bool TryRead(GuestPhysicalAddress address, Span<byte> destination)
    {
        if (!IsReadable(address, (ulong)destination.Length))
            return false;
        // SAFETY: IsReadable has checked that the bytes lie in one mapped range.
        SharedBytes.Load(HostBase + address.Value, destination);
        return true;
    }

    /// <summary>Copies into RAM, as a device's DMA or a loader does; engines that cached code from there are told.</summary>
    /// <returns>False, with nothing copied, if any byte is not RAM.</returns>
    public bool TryWrite(GuestPhysicalAddress address, ReadOnlySpan<byte> source)
    {
        if (!Contains(address, (ulong)source.Length))
            return false;
        // SAFETY: as in TryRead.
        SharedBytes.Store(HostBase + address.Value, source);
        Watch.DeviceWrote(address, (ulong)source.Length);
        return true;
    }

    /// <summary>Reads a little-endian value of 1 to 8 bytes (a primitive or a packed structure).</summary>
    /// <returns>False if any byte is neither RAM nor ROM.</returns>
    public bool TryRead<T>(GuestPhysicalAddress address, out T value) where T : unmanaged
    {
        Unsafe.SkipInit(out value);
        var bytes = MemoryMarshal.AsBytes(new Span<T>(ref value));
        if (TryRead(address, bytes))
            return true;
        value = default;
        return false;
    }

    /// <summary>Writes a little-endian value (a primitive or a packed structure).</summary>
    /// <returns>False if any byte is not RAM.</returns>
    public bool TryWrite<T>(GuestPhysicalAddress address, T value) where T : unmanaged =>
        TryWrite(address, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    /// <summary>
    /// A window on RAM, for loaders and devices that fill or read in place. After writing through it, call
    /// <see cref="CodeWatch.DeviceWrote"/>.
    /// </summary>
    /// <returns>An empty span if any byte is not RAM in one range.</returns>
    public Span<byte> Window(GuestPhysicalAddress address, int length) =>
        // SAFETY: as in TryRead.
        Contains(address, (ulong)length) ? new Span<byte>(HostBase + address.Value, length) : default;

    /// <summary>
    /// As <see cref="Window"/>, to be kept longer than a call: for reads and writes of the host's that go straight into RAM. It
    /// must not be used any more when this is disposed.
    /// </summary>
    /// <returns>Empty if any byte is not RAM in one range.</returns>
    public Memory<byte> Map(GuestPhysicalAddress address, int length) =>
        // SAFETY: as in TryRead.
        Contains(address, (ulong)length) ? new RamView(HostBase + address.Value, length).Memory : default;

    /// <summary>
    /// Gives the host back what it holds for a part of RAM, whose content the guest does not need any more: it is zero when it is
    /// used again. Engines that cached code from there are told as for a write. A host that does not take it leaves it as it is.
    /// </summary>
    /// <param name="address">The first byte.</param>
    /// <param name="length">Bytes; pages that they do not cover whole stay as they are. Nothing happens unless all are RAM in one range.</param>
    /// <returns>Bytes that were given back.</returns>
    public ulong Discard(GuestPhysicalAddress address, ulong length)
    {
        const ulong mask = GuestPhysicalAddress.PageSize - 1;
        if (!Contains(address, length))
            return 0;
        var start = (address.Value + mask) & ~mask;
        var end = (address.Value + length) & ~mask;
        if (end <= start || !_reservation.Discard((nuint)start, (nuint)(end - start)))
            return 0;
        Watch.DeviceWrote(new GuestPhysicalAddress(start), end - start);
        return end - start;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reservation.Dispose();
        Watch.Dispose();
    }
}
