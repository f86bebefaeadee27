using System.Buffers.Binary;
using Ringmaster.Cpu.Translator.Translation;
using Ringmaster.Host;
using Ringmaster.Memory;
using Ringmaster.Cpu.Translator.Runtime;

namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>The translations of a machine: shared by its vCPUs, bounded in size, dropped when their source changes.</summary>
/// <remarks>
/// vCPUs may be in generated code while others add to it, link its branches and drop regions: every change to what may be
/// executing is one aligned store. Its memory is used again only after <see cref="Clear"/>, which is done alone. The gate is
/// never held while waiting for other vCPUs.
/// </remarks>
internal sealed unsafe class CodeCache : IDisposable
{
    private const int PopulatedAtOnce = 256 * 1024;

    /// <summary>Regions begin at multiples of so many bytes.</summary>
    private const int Alignment = 64;

    /// <summary>Fewest bytes of an exit's code.</summary>
    private const int ExitBytes = 10;

    /// <summary>A region's first exit has a number that this divides, so that one reference is enough for so many.</summary>
    private const int ExitsEach = ExitNotes.GroupSize;

    private const int GroupsAtOnce = 4096;

    private readonly Action<CodeCache> _left;
    private readonly CodeMemory _memory;
    private readonly PerfMap? _perf;
    private readonly RegionSet _byKey = new(isAnywhere: false);
    private readonly RegionSet _movable = new(isAnywhere: true);
    private readonly Dictionary<ulong, List<Region>> _byPage = [];
    private readonly List<Region> _byHost = [];
    private readonly Lock _gate = new();
    private readonly Region[]?[] _exitGroups;
    private int _exitGroupCount;
    private readonly List<TranslationContext> _contexts = [];
    private readonly Dictionary<(ulong Linear, ulong Physical, bool IsUser), int> _checks = [];
    private readonly Dictionary<RegionKey, HashSet<SlotKey>> _scattered = [];
    private readonly (Region? Region, SlotKey Key)[] _slotUsers;
    private int _used, _populated;
    private long _translated, _moved;
    private byte[] _scratch = [];

    /// <param name="guest">The guest's memory.</param>
    /// <param name="options">Its size, and whether perf is to know of it.</param>
    /// <param name="left">Called when a vCPU has no use for it any more.</param>
    public CodeCache(GuestMemory guest, TranslatorOptions options, Action<CodeCache> left)
    {
        Guest = guest;
        _left = left;
        _memory = CodeMemory.Create(options.CodeCacheSize);
        // A region has two at least, and is aligned.
        _exitGroups = new Region[]?[_memory.Size / (ExitsEach * ExitBytes) / GroupsAtOnce + _memory.Size / Alignment / GroupsAtOnce + 2];
        _perf = options.WritesPerfMap ? new PerfMap() : null;
        Runtime = new RuntimeCode(_memory, SegmentBase.CanSetDirectly, System.Runtime.Intrinsics.X86.Avx.IsSupported);
        _perf?.AddRuntime((ulong)_memory.Executable, Runtime.Length);
        HostFaults.Watch((ulong)_memory.Executable, (ulong)_memory.Size, Runtime.HostFault);
        _slotUsers = new (Region?, SlotKey)[Execution.Area.Contexts * Execution.Area.Slots];
        ClearInside();
    }

    /// <summary>The guest's memory.</summary>
    public GuestMemory Guest { get; }

    /// <summary>How many vCPUs use it; for the engine, which shares it out.</summary>
    public int Users { get; set; }

    /// <summary>The routines that generated code calls.</summary>
    public RuntimeCode Runtime { get; }

    /// <summary>How often everything was dropped. What vCPUs remember of host addresses is good only within one epoch.</summary>
    public int Epoch { get; private set; }

    /// <summary>Where the next region will be executed.</summary>
    public ulong NextHost => (ulong)_memory.Executable + (ulong)_used;

    /// <summary>The number that the next region's first exit will have.</summary>
    public int NextExit => _exitGroupCount * ExitsEach;

    /// <summary>An exit, and the region that it is in.</summary>
    public ExitPoint ExitAt(int exit, out Region from)
    {
        var group = exit / ExitsEach;
        from = _exitGroups[group / GroupsAtOnce]![group % GroupsAtOnce];
        return from.Code.Notes.ExitAt(exit - from.FirstExit);
    }

    /// <summary>Held while several of the things here go together. Whoever holds it waits for nobody.</summary>
    public Lock Gate => _gate;

    /// <summary>Where regions' notes are kept. Only with the gate held.</summary>
    public NoteStore Notes { get; } = new();

    /// <summary>Several vCPUs use it.</summary>
    public bool IsShared => Users > 1;

    /// <summary>What it counts, for statistics.</summary>
    public IEnumerable<EngineCounter> Counters =>
    [
        new("regions translated", _translated),
        new("regions copied to other addresses", _moved),
        new("regions in the code cache", _byKey.Count),
        new("bytes of the code cache in use", _used),
        new("bytes of the code cache", _memory.Size),
        new("times the code cache was cleared", Epoch - 1),
    ];

    /// <summary>The number of a context, or -1 if there are too many; <see cref="Clear"/> makes room.</summary>
    public int NumberOf(in TranslationContext context)
    {
        lock (_gate)
        {
            var number = _contexts.IndexOf(context);
            if (number >= 0 || _contexts.Count == Execution.Area.Contexts)
                return number;
            _contexts.Add(context);
            return _contexts.Count - 1;
        }
    }

    /// <summary>
    /// The place in vCPUs' page check tables that says whether a linear page is known to be mapped to a guest-physical one and may
    /// be executed; 0 if there are too many.
    /// </summary>
    public int CheckOf(ulong linearPage, ulong physicalPage, bool isUser)
    {
        lock (_gate)
        {
            if (_checks.TryGetValue((linearPage, physicalPage, isUser), out var number))
                return number;
            if (_checks.Count == Execution.Area.PageChecks - 1)
                return 0;
            number = _checks.Count + 1;
            _checks.Add((linearPage, physicalPage, isUser), number);
            return number;
        }
    }

    /// <summary>Finds a region.</summary>
    public Region? Find(RegionKey key)
    {
        lock (_gate)
            return _byKey.Find(key);
    }

    /// <summary>A region from the same code, mapped elsewhere, that <see cref="TryMove"/> can make another of.</summary>
    public Region? FindMovable(RegionKey key)
    {
        lock (_gate)
            return _movable.Find(key);
    }

    /// <summary>The region that host code belongs to, or null.</summary>
    public Region? FindByHost(ulong address)
    {
        lock (_gate)
        {
            int low = 0, high = _byHost.Count - 1;
            while (low <= high)
            {
                var middle = (low + high) / 2;
                if (_byHost[middle].Host <= address)
                    low = middle + 1;
                else
                    high = middle - 1;
            }
            return high >= 0 && address <= _byHost[high].Host + (ulong)_byHost[high].Code.Length ? _byHost[high] : null;
        }
    }

    /// <summary>Adds a region, unless there is no room. The gate is held, and the pages that it came from are acquired.</summary>
    /// <param name="watcher">The vCPU that has translated it.</param>
    /// <param name="region">The region.</param>
    /// <param name="code">Its code.</param>
    /// <param name="slots">The slots of its own that it uses, as places in the area, by the operands that use them.</param>
    public bool TryAdd(CodeWatcher watcher, Region region, ReadOnlySpan<byte> code, Dictionary<SlotKey, int> slots)
    {
        if (!TryStore(code))
            return false;
        _translated++;
        foreach (var (key, place) in slots)
            _slotUsers[Execution.Area.SlotNumber(place)] = (region, key);
        if (region.Code.Notes.HasRelocations)
            _movable.Put(region);
        Add(watcher, region);
        return true;
    }

    /// <summary>
    /// Adds a copy of a region for the same code mapped at another linear address: what depends on the address is changed, and no
    /// branch is linked. It uses the same slots.
    /// </summary>
    /// <param name="watcher">The vCPU that needs it.</param>
    /// <param name="original">What <see cref="FindMovable"/> has found.</param>
    /// <param name="key">The key of the copy.</param>
    /// <param name="check">The page check of its page; not 0.</param>
    /// <param name="following">The page that follows, with the check that goes with it; null where the original's is.</param>
    /// <returns>Null if there is no room, or the original is not valid any more.</returns>
    public Region? TryMove(CodeWatcher watcher, Region original, RegionKey key, int check, FollowingPage? following)
    {
        lock (_gate)
        {
            // Another vCPU may have been faster.
            if (_byKey.Find(key) is { } known)
                return known;
            if (!original.IsValid)
                return null;
            var region = new Region
            {
                Key = key,
                Code = original.Code,
                Host = NextHost,
                Check = check,
                FollowingCheck = following?.Check ?? 0,
                FirstExit = NextExit,
            };
            if (!TryStore(Relocate(original, region)))
                return null;
            _moved++;
            (original.Code.Copies ??= []).Add(region);
            Add(watcher, region);
            return region;
        }
    }

    /// <summary>A region's code as it must be for a copy.</summary>
    private ReadOnlySpan<byte> Relocate(Region original, Region copy)
    {
        var (length, notes) = (original.Code.Length, original.Code.Notes);
        if (_scratch.Length < length)
            _scratch = new byte[length];
        var code = _scratch.AsSpan(0, length);
        new ReadOnlySpan<byte>(WritableOf(original.Host), length).CopyTo(code);
        var moved = copy.Key.Linear - original.Key.Linear;
        foreach (var (place, kind) in notes.Relocations)
        {
            var there = code[place..];
            switch (kind)
            {
                case RelocationKind.Linear:
                    BinaryPrimitives.WriteUInt64LittleEndian(there, BinaryPrimitives.ReadUInt64LittleEndian(there) + moved);
                    break;
                case RelocationKind.Complement:
                    BinaryPrimitives.WriteUInt64LittleEndian(there, BinaryPrimitives.ReadUInt64LittleEndian(there) - moved);
                    break;
                case RelocationKind.Exit:
                    BinaryPrimitives.WriteInt32LittleEndian(there, BinaryPrimitives.ReadInt32LittleEndian(there) + copy.FirstExit - original.FirstExit);
                    break;
                case RelocationKind.Distance:
                    BinaryPrimitives.WriteInt32LittleEndian(there, BinaryPrimitives.ReadInt32LittleEndian(there) + (int)(long)(original.Host - copy.Host));
                    break;
                case RelocationKind.Check:
                    BinaryPrimitives.WriteInt32LittleEndian(there, Execution.Area.PageCheckTable + copy.Check * sizeof(uint));
                    break;
                case RelocationKind.FollowingCheck:
                    BinaryPrimitives.WriteInt32LittleEndian(there, Execution.Area.PageCheckTable + copy.FollowingCheck * sizeof(uint));
                    break;
            }
        }
        var left = notes.ExitCount;
        foreach (var exit in notes.Exits)
        {
            // The last exit's place is the entry, which is linked only once its source has changed.
            if (--left == 0)
                break;
            // An exit's code stands right behind the jump that a link changes.
            if (exit.LinkPlace >= 0)
                BinaryPrimitives.WriteInt32LittleEndian(code[exit.LinkPlace..], 0);
            if (exit.CheckPlace >= 0)
                BinaryPrimitives.WriteInt32LittleEndian(code[exit.CheckPlace..], Execution.Area.PageCheckTable);
        }
        return code;
    }

    /// <summary>Puts code where the next region will be executed, if there is room.</summary>
    private bool TryStore(ReadOnlySpan<byte> code)
    {
        if (code.Length > _memory.Size - _used)
            return false;
        while (_used + code.Length > _populated)
        {
            var step = Math.Min(PopulatedAtOnce, _memory.Size - _populated);
            _memory.Populate(_populated, step);
            _populated += step;
        }
        code.CopyTo(new Span<byte>(_memory.Writable + _used, code.Length));
        // What follows begins on a cache line of its own, and not where this one's last call returns to.
        _used = Math.Min((_used + code.Length + Alignment) & -Alignment, _memory.Size);
        return true;
    }

    private void Add(CodeWatcher watcher, Region region)
    {
        _byKey.Put(region);
        _byHost.Add(region);
        _perf?.Add(region);
        AddExits(region);
        PutOn(watcher, region, region.Key.Physical >> 12);
        if (region.Following is { } following && following.Physical != region.Key.Physical >> 12)
            PutOn(watcher, region, following.Physical);
    }

    private void AddExits(Region region)
    {
        for (var left = region.Code.Notes.ExitCount; left > 0; left -= ExitsEach)
        {
            ref var groups = ref _exitGroups[_exitGroupCount / GroupsAtOnce];
            if (groups == null)
                Volatile.Write(ref groups, new Region[GroupsAtOnce]);
            groups[_exitGroupCount++ % GroupsAtOnce] = region;
        }
    }

    /// <summary>Makes an exit's jump lead to a region.</summary>
    /// <param name="number">The exit.</param>
    /// <param name="to">The region.</param>
    /// <param name="check">What says whether it is still mapped there, if it lies in another page.</param>
    /// <returns>False if the branch must not be linked.</returns>
    public bool TryLink(int number, Region to, int check)
    {
        lock (_gate)
        {
            if (number >= NextExit)
                return false;
            var place = ExitAt(number, out var from);
            if (place.LinkPlace < 0 || !to.IsValid)
                return false;
            var word = place.CheckPlace < 0 ? null : (int*)WritableOf(from.Host + (ulong)place.CheckPlace);
            var wanted = Execution.Area.PageCheckTable + check * sizeof(uint);
            // Another vCPU may have passed the check and not have jumped yet: a link to other memory is never changed.
            if (word != null && *word != wanted && *word != Execution.Area.PageCheckTable && IsShared)
                return false;
            SetDistance(from.Host + (ulong)place.LinkPlace, to.Entry);
            if (word != null)
                Volatile.Write(ref *word, wanted);
            return true;
        }
    }

    /// <summary>RAM has been written to: drops the regions that came from there.</summary>
    public void Written(GuestPhysicalAddress address, int length)
    {
        lock (_gate)
        {
            if (!_byPage.TryGetValue(address.Page, out var regions))
                return;
            var first = address.PageOffset;
            regions.RemoveAll(region =>
            {
                if (!region.CameFrom(address.Page, first, first + length))
                    return false;
                Drop(region, except: address.Page);
                return true;
            });
            ReleaseIfUnused(address.Page);
        }
    }

    /// <summary>Puts a region on the list of a page, which stays acquired as long as it has one.</summary>
    private void PutOn(CodeWatcher watcher, Region region, ulong page)
    {
        if (!_byPage.TryGetValue(page, out var regions))
        {
            _byPage.Add(page, regions = []);
            // Who translates has acquired it already, so that this only counts.
            Guest.Watch.Acquire(watcher, page);
        }
        regions.Add(region);
    }

    private void ReleaseIfUnused(ulong page)
    {
        if (_byPage[page].Count != 0)
            return;
        _byPage.Remove(page);
        Guest.Watch.Release(page);
    }

    /// <summary>Takes a region off the list of a page.</summary>
    private void TakeOff(Region region, ulong page)
    {
        if (_byPage.TryGetValue(page, out var regions) && regions.Remove(region))
            ReleaseIfUnused(page);
    }

    /// <summary>Operands in a region that have turned out to go to ever new pages.</summary>
    public IReadOnlySet<SlotKey>? ScatteredIn(RegionKey key)
    {
        lock (_gate)
            return _scattered.GetValueOrDefault(key.Anywhere);
    }

    /// <summary>
    /// The operands that a slot is for go to ever new pages: the region that uses it is dropped, and its operands will be
    /// translated otherwise.
    /// </summary>
    /// <returns>Whether there was such a region.</returns>
    public bool Scatter(int slot)
    {
        lock (_gate)
        {
            var (region, key) = _slotUsers[Execution.Area.SlotNumber(slot)];
            if (region is not { IsValid: true, Key.IsUngrouped: false })
                return false;
            // A new set each time: the old one may be in use.
            var anywhere = region.Key.Anywhere;
            _scattered[anywhere] = _scattered.TryGetValue(anywhere, out var keys) ? [.. keys, key] : [key];
            Drop(region, except: null);
            foreach (var copy in region.Code.Copies ?? [])
            {
                if (copy.IsValid)
                    Drop(copy, except: null);
            }
            return true;
        }
    }

    /// <summary>A vCPU has no use for it any more.</summary>
    public void Leave() => _left(this);

    /// <summary>
    /// Drops everything. No vCPU may be in generated code but in the routines of <see cref="Runtime"/>, and all must forget what
    /// they know of it: the epoch tells them.
    /// </summary>
    public void Clear()
    {
        lock (_gate)
            ClearInside();
        // Many old objects are garbage at once, which the collector would not look for until it has as many young ones.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    private void ClearInside()
    {
        foreach (var page in _byPage.Keys)
            Guest.Watch.Release(page);
        _byPage.Clear();
        _byKey.Clear();
        _movable.Clear();
        _byHost.Clear();
        Array.Clear(_exitGroups);
        _exitGroupCount = 0;
        Notes.Clear();
        _contexts.Clear();
        _checks.Clear();
        _scattered.Clear();
        Array.Clear(_slotUsers);
        _used = (Runtime.Length + Alignment) & -Alignment;
        Epoch++;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        HostFaults.Unwatch((ulong)_memory.Executable);
        _memory.Dispose();
        _perf?.Dispose();
    }

    /// <summary>Makes a region unreachable.</summary>
    /// <param name="region">Which.</param>
    /// <param name="except">The page whose list the caller sees to.</param>
    private void Drop(Region region, ulong? except)
    {
        region.IsValid = false;
        if (region.Key.Physical >> 12 != except)
            TakeOff(region, region.Key.Physical >> 12);
        if (region.Following is { } following && following.Physical != except)
            TakeOff(region, following.Physical);
        _byKey.Remove(region);
        _movable.Remove(region);
        // Eight bytes at once, since others may be about to enter: a jump, and what follows it now. The way out behind it is
        // linked like any branch, so that whoever still comes here goes on to the region's successor.
        var entry = WritableOf(region.Entry);
        Span<byte> jump = stackalloc byte[8];
        new ReadOnlySpan<byte>(entry, 8).CopyTo(jump);
        jump[0] = 0xE9;
        BitConverter.TryWriteBytes(jump[1..], (int)(long)(region.StaleExit - (region.Entry + 5)));
        Volatile.Write(ref *(ulong*)entry, BitConverter.ToUInt64(jump));
    }

    private void SetDistance(ulong place, ulong target) =>
        Volatile.Write(ref *(int*)WritableOf(place), (int)(long)(target - (place + 4)));

    private byte* WritableOf(ulong host) => _memory.Writable + (host - (ulong)_memory.Executable);
}
