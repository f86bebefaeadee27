using System.Text;
using Ringmaster.Memory;

namespace Ringmaster.Firmware.Boot;

/// <summary>Gives out guest RAM during a boot: keeps parts from overlapping each other and within usable RAM.</summary>
internal sealed class BootPlacement(GuestMemory memory, MemoryMap map)
{
    /// <summary>Below it lie the interrupt vectors and the BIOS data area of real mode.</summary>
    private const ulong LowStart = 0x1000;

    private const ulong OneMebibyte = 0x10_0000, FourGibibytes = 0x1_0000_0000;
    private readonly List<(ulong Start, ulong End, string What)> _taken = [];

    public MemoryMap Map => map;

    /// <summary>Claims a fixed place.</summary>
    /// <exception cref="KernelLoadException">It is not usable RAM, or taken.</exception>
    public void Claim(string what, ulong address, ulong length)
    {
        if (length == 0)
            return;
        if (!map.Entries.Any(e => e.Type == MemoryMapType.Usable && Holds(e, address, length)))
        {
            throw new KernelLoadException(
                $"The {what} belongs at 0x{address:x} and takes {Size(length)}, which is not all usable RAM; give the VM more memory or " +
                "use a kernel for other addresses.");
        }
        foreach (var (start, end, other) in _taken)
        {
            if (address < end && start < address + length)
                throw new KernelLoadException(
                    $"The {what} at 0x{address:x} overlaps the {other} at 0x{start:x}; link the kernel for other addresses.");
        }
        _taken.Add((address, address + length, what));
    }

    /// <summary>Claims a place that a raw image asks for: any RAM will do, even what the map reserves.</summary>
    public void ClaimRaw(string what, ulong address, ulong length)
    {
        if (!memory.Contains(new(address), length))
        {
            throw new KernelLoadException(
                $"The {what} of {Size(length)} does not lie in RAM at 0x{address:x}; give another load address or the VM more memory.");
        }
        _taken.Add((address, address + length, what));
    }

    /// <summary>Copies content to a place claimed before, then zeros up to <paramref name="length"/>.</summary>
    public void Fill(ulong address, ReadOnlySpan<byte> content, ulong length)
    {
        Write(address, content);
        const int chunk = 1 << 30;
        for (var done = (ulong)content.Length; done < length;)
        {
            var step = (int)Math.Min(chunk, length - done);
            memory.Window(new(address + done), step).Clear();
            memory.Watch.DeviceWrote(new(address + done), (ulong)step);
            done += (ulong)step;
        }
    }

    /// <summary>Copies content to a place claimed before.</summary>
    public void Write(ulong address, ReadOnlySpan<byte> content)
    {
        if (!memory.TryWrite(new(address), content))
            throw new KernelLoadException($"The memory map calls 0x{address:x} usable where the VM has no RAM; correct the memory map.");
    }

    /// <summary>Puts a structure of the boot protocol anywhere into the first 640 KiB.</summary>
    /// <returns>Its address.</returns>
    public uint PutLow(string what, ReadOnlySpan<byte> content, ulong alignment = 16)
    {
        var address = FindLowest((ulong)content.Length, alignment, LowStart, OneMebibyte) ??
            throw new KernelLoadException(
                $"There is no room for the {what} of {Size((ulong)content.Length)} below 1 MiB; make it shorter or link the " +
                "kernel higher.");
        Claim(what, address, (ulong)content.Length);
        Write(address, content);
        return (uint)address;
    }

    /// <summary>Puts a NUL-terminated string there, as UTF-8.</summary>
    public uint PutLowString(string what, string text) => PutLow(what, Encoding.UTF8.GetBytes(text + "\0"), 1);

    /// <summary>Puts a module into the lowest free pages from 1 MiB to 4 GiB.</summary>
    /// <returns>Its address.</returns>
    public uint PutModule(BootModule module)
    {
        var length = Math.Max(1, (ulong)module.Content.Length);
        var address = FindLowest(length, GuestPhysicalAddress.PageSize, OneMebibyte, FourGibibytes) ?? throw NoRoom(module.Name, length, FourGibibytes);
        Claim($"module {module.Name}", address, length);
        Write(address, module.Content.Span);
        return (uint)address;
    }

    /// <summary>The lowest free place.</summary>
    /// <param name="length">Bytes needed; not zero.</param>
    /// <param name="alignment">A power of two.</param>
    /// <param name="from">Not below this.</param>
    /// <param name="end">Not reaching beyond this.</param>
    public ulong? FindLowest(ulong length, ulong alignment, ulong from, ulong end)
    {
        foreach (var (start, stop) in FreeRanges())
        {
            var low = Math.Max(start, from);
            var address = (low + alignment - 1) & ~(alignment - 1);
            if (address >= low && Fits(address, length, Math.Min(stop, end)))
                return address;
        }
        return null;
    }

    /// <summary>The highest free place; parameters as for <see cref="FindLowest"/>.</summary>
    public ulong? FindHighest(ulong length, ulong alignment, ulong from, ulong end)
    {
        ulong? best = null;
        foreach (var (start, stop) in FreeRanges())
        {
            var high = Math.Min(stop, end);
            if (high < length)
                continue;
            var address = (high - length) & ~(alignment - 1);
            if (address >= Math.Max(start, from))
                best = address;
        }
        return best;
    }

    public static KernelLoadException NoRoom(string what, ulong length, ulong end) => new(
        $"There is no room for {what} of {Size(length)} below 0x{end:x}; give the VM more memory or use a smaller file.");

    public static string Size(ulong bytes) =>
        bytes >= 10 << 20 ? $"{bytes >> 20} MiB" : bytes >= 10 << 10 ? $"{bytes >> 10} KiB" : $"{bytes} bytes";

    private static bool Fits(ulong address, ulong length, ulong end) => address < end && length <= end - address;

    private static bool Holds(MemoryMapEntry entry, ulong address, ulong length) =>
        address - entry.Start.Value < entry.Length && length <= entry.Length - (address - entry.Start.Value);

    private IEnumerable<(ulong Start, ulong End)> FreeRanges()
    {
        foreach (var entry in map.Entries)
        {
            if (entry.Type != MemoryMapType.Usable)
                continue;
            var position = entry.Start.Value;
            foreach (var (start, end, _) in _taken.OrderBy(t => t.Start))
            {
                if (end <= position || start >= entry.End.Value)
                    continue;
                if (start > position)
                    yield return (position, start);
                position = end;
            }
            if (position < entry.End.Value)
                yield return (position, entry.End.Value);
        }
    }
}
