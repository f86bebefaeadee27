using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace Ringmaster.Differential.Tests.Native;

/// <summary>The file that the test shares with the oracle (oracle/shared.h).</summary>
internal sealed unsafe class OracleMemory : IDisposable
{
    /// <summary>Cases that go to the oracle at once.</summary>
    public const int MaxSlots = 256;

    private const int MaxChanges = 512 * 1024;
    private const int MaxRegions = 8;
    private const int MaxMappings = 64;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly long _slots;
    private readonly long _changes;
    private readonly (long Contents, long Image)[] _regions;

    public OracleMemory()
    {
        var folder = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        FilePath = Path.Combine(folder, $"ringmaster-differential-{Guid.NewGuid():N}");

        long size = 0;
        Take(sizeof(Header));
        _slots = Take(sizeof(OracleSlot) * (long)MaxSlots);
        _changes = Take(sizeof(MemoryChange) * (long)MaxChanges);
        _regions = [.. AddressSpace.Regions.Select(r => (Take(r.Length), r.IsWritable ? Take(r.Length) : 0))];

        _file = MemoryMappedFile.CreateFromFile(FilePath, FileMode.CreateNew, null, size);
        _view = _file.CreateViewAccessor(0, size);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        // SAFETY: the view is as long as the offsets computed above say, and the pointer is kept until Dispose.
        var header = (Header*)_start;
        *header = new Header
        {
            Size = (ulong)size,
            RegionCount = (ulong)_regions.Length,
            Slots = (ulong)_slots,
            Changes = (ulong)_changes,
            MaxChanges = MaxChanges,
            CodeRegion = AddressSpace.CodeRegion,
        };
        var regions = (RegionEntry*)(header + 1);
        for (var i = 0; i < _regions.Length; i++)
        {
            var region = AddressSpace.Regions[i];
            regions[i] = new RegionEntry(region.Address, (ulong)region.Length, (ulong)_regions[i].Contents, (ulong)_regions[i].Image,
                (region.IsWritable ? 1u : 0) | (region.IsExecutable ? 2u : 0));
        }
        Contents(AddressSpace.CodeRegion).Fill(0xCC);

        long Take(long length)
        {
            var start = size;
            size += (length + 0xFFF) & ~0xFFFL;
            return start;
        }
    }

    /// <summary>Where the file is; the oracle opens it by this name.</summary>
    public string FilePath { get; }

    /// <summary>The cases of the present batch.</summary>
    public Span<OracleSlot> Slots => new(_start + _slots, MaxSlots);

    /// <summary>The pages of a region that is not writable: what both sides see there.</summary>
    public Span<byte> Contents(int region) => new(_start + _regions[region].Contents, AddressSpace.Regions[region].Length);

    /// <summary>What a writable region holds before each case.</summary>
    public Span<byte> Image(int region) => new(_start + _regions[region].Image, AddressSpace.Regions[region].Length);

    /// <summary>The quadword at an address as it is before each case; zero outside the writable regions.</summary>
    public ulong Before(ulong address)
    {
        for (var i = 0; i < AddressSpace.Regions.Count; i++)
        {
            var region = AddressSpace.Regions[i];
            if (region.IsWritable && address - region.Address <= (ulong)(region.Length - sizeof(ulong)))
                return MemoryMarshal.Read<ulong>(Image(i)[(int)(address - region.Address)..]);
        }
        return 0;
    }

    /// <summary>What the oracle has mapped, regions included; the rest of the list is empty.</summary>
    public ReadOnlySpan<Mapping> Mappings => new(_start + sizeof(Header) + MaxRegions * sizeof(RegionEntry), MaxMappings);

    /// <summary>
    /// Whether the oracle has something of its own at an address, its stack or a library: no case should get there, but where
    /// they lie is a matter of chance.
    /// </summary>
    public bool IsOracleOwn(ulong address)
    {
        foreach (var mapping in Mappings)
        {
            if (address >= mapping.Start && address < mapping.End)
                return AddressSpace.Regions.All(r => address - r.Address >= (ulong)r.Length);
        }
        return false;
    }

    /// <summary>The memory that a case changed.</summary>
    public ReadOnlySpan<MemoryChange> ChangesOf(in OracleSlot slot) =>
        new ReadOnlySpan<MemoryChange>(_start + _changes, MaxChanges).Slice((int)slot.FirstChange, (int)slot.ChangeCount);

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
        File.Delete(FilePath);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Header
    {
        public ulong Size;
        public ulong RegionCount;
        public ulong Slots;
        public ulong Changes;
        public ulong MaxChanges;
        public ulong CodeRegion;
    }

    /// <summary>A range of addresses.</summary>
    internal readonly record struct Mapping(ulong Start, ulong End);

    private readonly record struct RegionEntry(ulong Address, ulong Length, ulong Contents, ulong Image, ulong Flags);
}
