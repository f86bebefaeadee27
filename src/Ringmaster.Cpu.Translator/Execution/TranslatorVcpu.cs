using System.Runtime.InteropServices;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Flags;
using Ringmaster.Cpu.Interpreter.Instructions;
using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.Paging;
using Ringmaster.Cpu.Translator.Cache;
using Ringmaster.Cpu.Translator.Memory;
using Ringmaster.Cpu.Translator.Translation;
using Ringmaster.Host;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Translator.Execution;

/// <summary>
/// A vCPU that executes translated code. It is an interpreter whose loop goes over to generated code wherever there is some:
/// what generated code cannot do, it leaves to the interpreter for just that instruction.
/// </summary>
internal unsafe partial class TranslatorVcpu : Vcpu
{
    private const int StatusMask = 0x8D5;

    /// <summary>So many executions make a block worth copying a region for, where there is one from the same code mapped elsewhere.</summary>
    private const int HeatToMove = 8;

    private readonly AreaMemory _areaMemory;
    private readonly byte* _area;
    private readonly CodeCache _cache;
    private readonly SoftTlb _softTlb;
    private readonly JumpCache _jumps;
    private readonly PageCheckTable _checks;
    private readonly CodePages _codePages = new();
    private readonly ExitCache _exits;
    private readonly RegionPlanner _planner;
    private readonly RegionTranslator _translator;
    private readonly TranslatorOptions _options;
    private readonly delegate* unmanaged<byte*, ulong, void> _enter;
    private readonly TranslatorCounters _counters = new();
    private GCHandle _self;
    private int _epoch;
    private readonly (ContextSource Source, int Number, TranslationContext Context)[] _recentContexts = new (ContextSource, int, TranslationContext)[4];
    private TranslationContext _contextNow;
    private int _contextNumber = -1;

    protected TranslatorVcpu(VcpuIndex index, GuestMemory memory, VcpuSetup setup, HandlerTable handlers, CodeCache cache, TranslatorOptions options,
        AreaMemory area) : base(index, memory, setup, handlers, (CpuFile*)area.Address)
    {
        _areaMemory = area;
        _area = area.Address;
        _cache = cache;
        _options = options;
        _softTlb = new SoftTlb(_area, memory);
        _checks = new PageCheckTable(_area);
        _exits = new ExitCache(cache);
        _jumps = new JumpCache(_area, _checks, cache.Runtime.EmptyJump);
        var guest = new InstructionSet(setup.Cpuid);
        _planner = new RegionPlanner(new InstructionClassifier(guest, handlers, counts: options.CountsInstructions), guest.DecoderOptions);
        _translator = new RegionTranslator(cache.Runtime, options.CountsInstructions);
        _enter = (delegate* unmanaged<byte*, ulong, void>)cache.Runtime.Enter;
        _self = GCHandle.Alloc(this, GCHandleType.Weak);
        _epoch = cache.Epoch;
        Array.Fill(_recentContexts, (default, -1, default));
        File->Owner = GCHandle.ToIntPtr(_self);
        File->FillCallback = &FillTlb;
        File->InPlaceCallback = &InterpretInPlace;
        File->ExitCallback = &GoOn;
        File->TimeStampCallback = &ReadTimeStamp;
        ForgetLevelChanges(keepGlobal: false);
        File->JumpMask = Area.JumpEntries - 1;
        File->DepthMask = 0xF000;
        File->TlbIndexMask = (Area.TlbEntries - 1) << 12;
        File->PageMask = ~0xFFFUL;
        File->StatusMask = StatusMask;
        File->AllButInterrupt = ~(ulong)Rflags.Interrupt;
        File->NoPriority = ~0xFUL;
        File->QuadwordPart = ~7UL;
        File->BitPart = 63;
        File->BaseAccess = Cr4Bits.Fsgsbase;
        File->AllButLowest = ~1UL;
        File->AllButDirection = ~(ulong)Rflags.Direction;
    }

    private TranslatorFile* File => (TranslatorFile*)(_area + Area.File);

    /// <summary>Makes a vCPU.</summary>
    public static TranslatorVcpu Create(
        VcpuIndex index, GuestMemory memory, VcpuSetup setup, HandlerTable handlers, CodeCache cache, TranslatorOptions options) =>
        new(index, memory, setup, handlers, cache, options, new AreaMemory());

    /// <inheritdoc/>
    protected override string EngineName => "translator";

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        if (!_self.IsAllocated)
            return;
        _self.Free();
        _cache.Leave();
        GC.KeepAlive(_areaMemory);
    }

    internal override Status ExecuteBlocks()
    {
        if (!SegmentBase.CanSetDirectly)
            SegmentBase.SetGs((ulong)_area);
        var region = FindTranslated();
        while (true)
        {
            var status = region != null ? Execute(ref region) : InterpretBlocks(ref region);
            AfterUnit();
            if (status > Status.FallThrough || Demands != Attention.None)
                return status;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<EngineCounter> Counters =>
    [
        .. Index.Value == 0 ? _cache.Counters : [],
        new("blocks interpreted", _counters.Blocks),
        .. base.Counters,
        .. _counters.Exits,
        .. _counters.Interpreted,
        new("branches linked", _counters.Links),
        new("TLB: first level missed", _softTlb.Asked),
        new("TLB: page walks", _softTlb.Fills),
    ];

    /// <inheritdoc/>
    public override long InstructionCount => _options.CountsInstructions ? Executed : -1;

    /// <summary>Generated code comes back at the first branch backwards, and after each region.</summary>
    internal virtual bool ComesBackSoon => false;

    /// <summary>Called in the loop after each piece of work: a stay in generated code, or an interpreted block or instruction.</summary>
    internal virtual void AfterUnit()
    {
    }

    internal override void FlushTlb(TlbFlush extent)
    {
        base.FlushTlb(extent);
        if (extent == TlbFlush.All)
            _softTlb.Flush();
        else
            _softTlb.FlushAllButGlobal();
        ForgetBranches(keepGlobal: extent != TlbFlush.All);
    }

    internal override void FlushTlbPage(ulong linear)
    {
        base.FlushTlbPage(linear);
        _softTlb.FlushPage(linear);
        // The page may be a large one.
        if (linear >> MostPageShift == _returnTable)
            ForgetInterruptReturn();
        if (!_codePages.Hold(linear))
            return;
        ForgetBranches(keepGlobal: false);
        NoteCodeMoved();
    }

    /// <summary>Forgets where branches lead: pages of code may be mapped otherwise now.</summary>
    private void ForgetBranches(bool keepGlobal)
    {
        _jumps.Flush(keepGlobal);
        _checks.Flush(keepGlobal);
        _codePages.Clear(keepGlobal);
        ForgetLevelChanges(keepGlobal);
    }

    /// <summary>Remembers that indirect branches to a linear address go to a region.</summary>
    private void Remember(ulong linear, Region region, in PageTranslation translation)
    {
        _jumps.Add(_contextNumber, linear, region, IsGlobal(translation));
        _codePages.Add(linear, translation, IsGlobal(translation));
    }

    /// <summary>Remembers that a page check has found a linear address mapped as it should be.</summary>
    private void Confirm(int check, ulong linear, in PageTranslation translation)
    {
        _checks.Confirm(check, IsGlobal(translation));
        _codePages.Add(linear, translation, IsGlobal(translation));
    }

    internal override void ProtectPage(ulong page)
    {
        base.ProtectPage(page);
        _softTlb.Protect(page);
        if (_free.Holds(page))
            _free = default;
    }

    internal override void ProtectAllPages()
    {
        base.ProtectAllPages();
        _softTlb.Flush();
        _free = default;
    }

    internal override void DropCode(GuestPhysicalAddress address, int length)
    {
        base.DropCode(address, length);
        _cache.Written(address, length);
    }

    /// <summary>Executes blocks that are not translated, until there is a region to go on with or the loop must look up.</summary>
    private Status InterpretBlocks(ref Region? region)
    {
        var block = FindBlock(single: false);
        while (block != null)
        {
            if ((region = FindInPlaceOf(block)) != null)
                return Status.Branch;
            _counters.Blocks++;
            var status = ExecuteBlock(block);
            if (status > Status.FallThrough)
                return status;
            // A block that has been interpreted since someone has looked for a region there is not likely to have one.
            var goesOn = !ComesBackSoon && Demands == Attention.None;
            var next = goesOn ? FindLinked(block, status) : null;
            if (next == null || next->Heat <= 0)
            {
                if ((region = FindTranslated()) != null || !goesOn)
                    return status;
                next = FindBehind(block, status);
            }
            block = next;
        }
        return Status.Fault;
    }

    /// <summary>The region that takes a block's place, once the block has been executed often.</summary>
    private Region? FindInPlaceOf(Block* block)
    {
        var heat = ++block->Heat;
        if (heat <= _options.Threshold && heat != HeatToMove)
            return null;
        var epoch = _epoch;
        var region = FindAtRip(moves: true, translates: heat > _options.Threshold);
        // Where the same code is mapped elsewhere, it must become warm there too.
        if (region != null)
            block->Heat = 0;
        // Not for a long time again, unless the cache was just cleared.
        else if (heat > _options.Threshold)
            block->Heat = _epoch == _cache.Epoch && _epoch == epoch ? int.MinValue / 2 : 0;
        return region;
    }

    /// <summary>The region at RIP, if the jump cache knows it.</summary>
    private Region? FindTranslated() =>
        TryUseContext() ? _jumps.Find(_contextNumber, LinearOf(Rip)) : null;

    /// <summary>The region at RIP, which is about to be fetched; the jump cache knows it then.</summary>
    /// <param name="moves">If there is none, make one of another for the same code mapped elsewhere.</param>
    /// <param name="translates">Translate it if there is none.</param>
    /// <returns>Null if there is none, or cannot be one.</returns>
    private Region? FindAtRip(bool moves = false, bool translates = false)
    {
        if (!TryUseContext())
            return null;
        var linear = LinearOf(Rip);
        if (Is64BitMode && !IsCanonical(linear))
            return null;
        var translation = WalkFetch(linear);
        if (translation.IsFault)
            return null;
        var key = new RegionKey(translation.Address.Value, linear, _contextNumber);
        var region = _cache.Find(key) ?? (moves ? Move(key) : null) ?? (translates && CanFetch(translation.Address) ? Translate(key) : null);
        if (region != null)
            Remember(linear, region, translation);
        return region;
    }

    /// <summary>Makes a region of another for the same code mapped elsewhere, if there is one.</summary>
    private Region? Move(RegionKey key)
    {
        if (_cache.FindMovable(key) is not { } original)
            return null;
        var following = original.Following is null ? null : FindFollowing(key.Linear);
        if (original.Following?.Physical != following?.Physical)
            return null;
        var check = CheckOf(key);
        return check == 0 ? null : _cache.TryMove(CodeWatcher, original, key, check, following);
    }

    /// <summary>The page check of a region's page.</summary>
    private int CheckOf(RegionKey key) => _cache.CheckOf(key.Linear >> 12, key.Physical >> 12, _contextNow.IsUser);

    private Region? Translate(RegionKey key)
    {
        var address = new GuestPhysicalAddress(key.Physical);
        var page = _memory.HostBase + (address.Value & ~0xFFFUL);
        var following = FindFollowing(key.Linear);
        // Acquired first and read then. Others may have cleared the cache while this waited for them.
        _memory.Watch.Acquire(CodeWatcher, address.Page);
        if (following is { } next)
            _memory.Watch.Acquire(CodeWatcher, next.Physical);
        var region = _epoch == _cache.Epoch ? Translate(key, page, following) : null;
        _memory.Watch.Release(address.Page);
        if (following is { } unused)
            _memory.Watch.Release(unused.Physical);
        return region;
    }

    private Region? Translate(RegionKey key, byte* page, FollowingPage? following)
    {
        var physical = key.Physical & ~0xFFFUL;
        var plan = _planner.Plan(key, _contextNow, page, following is { } there ? _memory.HostBase + (there.Physical << 12) : null, following,
            _cache.ScatteredIn(key),
            offset => !key.IsUngrouped && IsWarm(new GuestPhysicalAddress(physical + (ulong)offset)));
        if (plan == null)
            return null;
        lock (_cache.Gate)
        {
            // Another vCPU may have been faster.
            if (_cache.Find(key) is { } known)
                return known;
            var check = key.IsUngrouped ? 0 : CheckOf(key);
            var region = _translator.Translate(plan, _cache.NextHost, check, _cache.NextExit, _cache.IsShared, _cache.Notes);
            if (region == null || _cache.TryAdd(CodeWatcher, region, _translator.HostCode, _translator.Slots))
                return region;
        }
        ClearCache();
        return null;
    }

    /// <summary>Makes room in the cache, while no vCPU executes generated code.</summary>
    private void ClearCache()
    {
        var epoch = _cache.Epoch;
        if (_memory.Watch.HasSeveralWatchers)
        {
            _memory.Watch.Alone(CodeWatcher, () =>
            {
                // Another one may have done it while this waited.
                if (_cache.Epoch == epoch)
                    _cache.Clear();
            });
        }
        else
        {
            _cache.Clear();
        }
        CatchUpWithCache();
    }

    /// <summary>The page behind the one of a linear address, as code is fetched from it now.</summary>
    private FollowingPage? FindFollowing(ulong linear)
    {
        if (!TryProbeFollowing(linear, out var next, out var translation) || !CanFetch(translation.Address))
            return null;
        var check = _cache.CheckOf(next >> 12, translation.Address.Page, _contextNow.IsUser);
        return check == 0 ? null : new FollowingPage(translation.Address.Page, check);
    }

    /// <summary>Translates the start of the page behind the one of a linear address, leaving no trace.</summary>
    private bool TryProbeFollowing(ulong linear, out ulong next, out PageTranslation translation)
    {
        next = LinearOf((linear | 0xFFF) + 1);
        translation = default;
        if (Is64BitMode && !IsCanonical(next))
            return false;
        translation = ProbeFetch(next);
        return !translation.IsFault;
    }

    /// <summary>Whether a block has been executed often enough to be translated along with one that leads to it.</summary>
    private bool IsWarm(GuestPhysicalAddress address)
    {
        if (_options.Threshold == 0)
            return true;
        var block = FindDecoded(address);
        return block != null && (block->Heat > _options.Threshold / 4 || block->Heat < 0);
    }

    /// <summary>Brings the context up to date with the vCPU's state.</summary>
    /// <returns>False if code in it is not translated.</returns>
    private bool TryUseContext()
    {
        if (_epoch != _cache.Epoch)
            CatchUpWithCache();
        ref var recent = ref _recentContexts[(int)CurrentMmuMode];
        if (recent.Number < 0 || !recent.Source.IsOf(this))
        {
            // Those of other levels follow from the same registers.
            ForgetLevelChanges(keepGlobal: false);
            var source = new ContextSource(this);
            recent = (source, -1, default);
            if (!TryReadContext(out var context))
                return false;
            recent = (source, NumberOf(context), context);
        }
        _contextNow = recent.Context;
        _contextNumber = recent.Number;
        return true;
    }

    private int NumberOf(in TranslationContext context)
    {
        var number = _cache.NumberOf(context);
        if (number >= 0)
            return number;
        ClearCache();
        return _cache.NumberOf(context);
    }

    private bool TryReadContext(out TranslationContext context)
    {
        context = default;
        if (CodeSize == 0 || CurrentMmuMode == MmuMode.UserAligned || (CodeSize == 1 && !HasFlatCodeAndStack))
            return false;
        context = new TranslationContext(CodeSize, CurrentMmuMode, Guards.PassedBy(this), Is64BitMode ? 0 : FlatSegments,
            (Fpu.Mxcsr & ContextSource.AllMasks) == ContextSource.AllMasks, Cpl == 0);
        return true;
    }

    private void CatchUpWithCache()
    {
        _epoch = _cache.Epoch;
        _contextNumber = -1;
        Array.Fill(_recentContexts, (default, -1, default));
        ForgetBranches(keepGlobal: false);
        _jumps.Clear();
        _softTlb.Flush();
        _exits.Clear();
        _translator.ForgetSlots();
    }

    [UnmanagedCallersOnly]
    private static ulong ReadTimeStamp(nint owner) => ((TranslatorVcpu)GCHandle.FromIntPtr(owner).Target!).TimeStamp;

    [UnmanagedCallersOnly]
    private static ulong GoOn(nint owner, int exit) => ((TranslatorVcpu)GCHandle.FromIntPtr(owner).Target!).GoOn(exit);

    [UnmanagedCallersOnly]
    private static int InterpretInPlace(nint owner, int exit) =>
        ((TranslatorVcpu)GCHandle.FromIntPtr(owner).Target!).InterpretInPlace(exit) ? 0 : 1;

    [UnmanagedCallersOnly]
    private static ulong FillTlb(nint owner, ulong linear, uint request) =>
        ((TranslatorVcpu)GCHandle.FromIntPtr(owner).Target!).FillTlb(linear, new FillRequest(request));
}
