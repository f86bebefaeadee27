using System.Runtime.CompilerServices;
using Iced.Intel;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Flags;
using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.State;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>
/// The loop: deliver what is pending, look up or decode the block at RIP, execute it and those it is linked with, see how
/// the last one ended.
/// </summary>
internal unsafe partial class Vcpu
{
    private ulong _generation;

    /// <summary>Changes whenever code may be mapped otherwise than before.</summary>
    internal ulong CodeGeneration => _generation;

    // The linear pages from which code was fetched, for what the block cache remembers of jumps.
    private readonly PageSet _codePages = new();
    private bool _followsLinks;
    private bool _awaitsAnswer;
    private bool _settles;

    /// <inheritdoc/>
    public bool WantsInterruptWindow
    {
        get => _file->WindowWanted != 0;
        set
        {
            _file->WindowWanted = value ? 1u : 0;
            UpdateAttention();
        }
    }

    /// <inheritdoc/>
    public byte TaskPriority
    {
        get => (byte)Cr8;
        set => Cr8 = value & 0xFu;
    }

    /// <inheritdoc/>
    public byte TaskPriorityThreshold
    {
        get => (byte)_file->TaskPriorityThreshold;
        set => _file->TaskPriorityThreshold = value;
    }

    /// <inheritdoc/>
    public bool CanTakeInterrupt =>
        !_awaitsAnswer && !HasPending && (OtherFlags & Rflags.Interrupt) != 0 && !StiShadow && !MovSsShadow
        && Activity is ActivityState.Running or ActivityState.Halted;

    /// <inheritdoc/>
    public void Kick() => Demand(Attention.Kick);

    /// <inheritdoc/>
    public void InjectInterrupt(byte vector)
    {
        Activity = ActivityState.Running;
        Pending = new PendingException(vector, null, PendingExceptionKind.ExternalInterrupt);
        HasPending = true;
    }

    /// <inheritdoc/>
    public bool HasPendingNmi => NmiPending && !NmiBlocked;

    /// <inheritdoc/>
    public ulong TscOffset => Volatile.Read(ref Msr.TscOffset);

    /// <inheritdoc/>
    public void InjectNmi()
    {
        NmiPending = true;
        UpdateAttention();
    }

    /// <inheritdoc/>
    public VmExit Run(ExitAnswer answer)
    {
        _watcher.Enter();
        try
        {
            return RunInside(answer);
        }
        finally
        {
            // Others would wait for a vCPU that has broken.
            _watcher.Leave();
        }
    }

    /// <inheritdoc/>
    public VmExit? Settle(ExitAnswer answer)
    {
        _watcher.Enter();
        try
        {
            return SettleInside(answer);
        }
        finally
        {
            _watcher.Leave();
        }
    }

    private VmExit RunInside(ExitAnswer answer)
    {
        if (SettleInside(answer) is { } another)
            return another;
        while (true)
        {
            if (Demands != Attention.None && LookUp(out var exit))
                return exit;
            // A debug trap on HLT itself is taken at once.
            if (HasPending && Activity == ActivityState.Halted)
                Activity = ActivityState.Running;
            if (Activity != ActivityState.Running)
                return new VmExit(Activity == ActivityState.Shutdown ? VmExitKind.Shutdown : VmExitKind.Halt);
            if (HasPending)
            {
                _answeringInstruction = false;
                DeliverPending();
                if (HasPendingExit)
                    return TakeExit(awaitsAnswer: true);
                continue;
            }
            var status = (Demands & Attention.Step) != 0 ? Step() : ExecuteBlocks();
            if (HasPendingExit)
                return TakeExit(awaitsAnswer: status != Status.ExitAfter);
        }
    }

    /// <summary>Delivers at once what an instruction has left pending, as the loop would.</summary>
    /// <returns>Whether it has been delivered, and nothing else is due before the next instruction.</returns>
    internal bool TryDeliver()
    {
        if (!HasPending || HasPendingExit || Demands != Attention.None || Activity != ActivityState.Running)
            return false;
        _answeringInstruction = false;
        DeliverPending();
        return !HasPending && !HasPendingExit && Demands == Attention.None && Activity == ActivityState.Running;
    }

    private VmExit? SettleInside(ExitAnswer answer)
    {
        if (!_awaitsAnswer)
            return null;
        _awaitsAnswer = false;
        _answers.Add(answer);
        _answersUsed = 0;
        _settles = true;
        if (HasPending && !_answeringInstruction)
            DeliverPending();
        else
            StepOver(_asking);
        _settles = false;
        if (HasPendingExit)
            return TakeExit(awaitsAnswer: !_exitIsAfter);
        ForgetAnswers();
        return null;
    }

    /// <summary>Executes blocks until one ends in something else than a branch, or the loop must look up.</summary>
    internal virtual Status ExecuteBlocks()
    {
        var block = FindBlock(single: false);
        if (block == null)
            return Status.Fault;
        while (true)
        {
            // Links know nothing of limits, nor of offsets that wrap: they are for flat code only.
            var status = Execute(block, _followsLinks ? MostLinks : 0);
            if (status > Status.FallThrough || Demands != Attention.None)
                return status;
            var last = _file->Last;
            var epoch = _blocks.Epoch;
            var next = FindBlock(single: false);
            if (next == null)
                return Status.Fault;
            if (_followsLinks && epoch == _blocks.Epoch)
                Link(block, last, status, next);
            block = next;
        }
    }

    /// <summary>
    /// Executes a near return in 64-bit mode, at which RIP stands, if that takes nothing but a load through the TLB; otherwise nothing has
    /// happened.
    /// </summary>
    internal bool TryReturn()
    {
        var pointer = R[4];
        if (!_file->MayLoad<ulong>(pointer, out var addend) || CpuFile.Load<ulong>(pointer, addend) is var target && !IsCanonical(target))
            return false;
        R[4] = pointer + sizeof(ulong);
        Rip = target;
        Executed++;
        return true;
    }

    /// <summary>Executes one block. RIP stands at its start.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Status ExecuteBlock(Block* block) => Execute(block, links: 0);

    /// <summary>Executes a block and those behind it that it is linked with. RIP stands at its start.</summary>
    /// <param name="block">The block.</param>
    /// <param name="links">How many links are followed at most.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Status Execute(Block* block, int links)
    {
        var file = _file;
        file->R[17] = file->Rip;
        file->LinksLeft = links;
        var status = block->Ops->Run(block->Ops, file);
        var last = file->Last;
        file->Executed += last->Ordinal;
        return status > Status.FallThrough ? Leave(last, status) : status;
    }

    /// <summary>Executes one instruction and then whatever a single step entails.</summary>
    private Status Step()
    {
        var resume = (OtherFlags & Rflags.Resume) != 0;
        var repeats = Rip == _repeatRip;
        // Whatever stands there by now says itself whether it is to be repeated again.
        _repeatRip = Nowhere;
        if (!resume && !MovSsShadow && !repeats && HitsCodeBreakpoint())
            return Status.Fault;
        var block = FindBlock(single: true);
        if (block == null)
            return Status.Fault;
        R[17] = Rip;
        return StepOver(block->Ops);
    }

    /// <summary>As <see cref="Step"/>, once the instruction has been fetched.</summary>
    private Status StepOver(Op* op)
    {
        var trap = (OtherFlags & Rflags.Trap) != 0;
        var resume = (OtherFlags & Rflags.Resume) != 0;
        var (stiShadow, movSsShadow) = (StiShadow, MovSsShadow);
        var offset = op->Offset;
        var next = op->NextOffset;
        var earlierHits = _dataHits;
        // A shadow lasts for one instruction; that instruction may begin another.
        StiShadow = MovSsShadow = false;
        _setsResume = _dropsTrap = false;
        Status status;
        do
            status = op++->Execute(this, op - 1);
        // A guard goes before the instruction that it guards, at the same offset.
        while (status == Status.Next && op->Offset == offset);
        op--;
        Executed++;
        if (status == Status.Next)
            Rip = R[17] + next;
        if (status is Status.Exit)
            (StiShadow, MovSsShadow) = (stiShadow, movSsShadow);
        if (status is Status.Fault or Status.Exit)
        {
            _dataHits = earlierHits;
            return Leave(op, status);
        }
        _exitIsAfter = status == Status.ExitAfter;
        if (resume && !_setsResume)
            SetOtherFlags(OtherFlags & ~Rflags.Resume);
        RaiseDebugTraps(trap && !_dropsTrap && !StepsOver(op, status), MovSsShadow);
        UpdateAttention();
        return status;
    }

    private Status Leave(Op* op, Status status)
    {
        if (status is Status.Fault or Status.Exit)
        {
            Rip = RipOf(op);
            Executed--;
            _answeringInstruction = status == Status.Exit;
            if (_answeringInstruction)
                Keep(op);
        }
        else
        {
            _exitIsAfter = true;
        }
        return status;
    }

    /// <summary>
    /// Keeps the instruction that asks. It has been fetched: what becomes of its code until the answer comes does not concern
    /// it any more, and the answer belongs to no other.
    /// </summary>
    private void Keep(Op* op)
    {
        if (op == _asking)
            return;
        *_asking = *op;
        // Its own store, up to where it asks, may have dropped its block.
        if (op->Is(OpFlags.Dropped))
            _asking->Execute = _handlers.Find((Code)op->Code, op->Is(OpFlags.HasMemory));
    }

    /// <summary>The block at CS:RIP. Null with a fault pending.</summary>
    /// <param name="single">Only the instruction there.</param>
    internal Block* FindBlock(bool single)
    {
        var linear = LinearOf(Rip);
        var found = _blocks.FindJump(linear, _file->CodeContext, _file->CodeWindow, single);
        return found != null ? found : FindBlockSlow(linear, single);
    }

    /// <summary>The block at CS:RIP, if it was found there lately; null otherwise.</summary>
    internal Block* PeekBlock() => _blocks.FindJump(LinearOf(Rip), _file->CodeContext, _file->CodeWindow, single: false);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Block* FindBlockSlow(ulong linear, bool single)
    {
        ref readonly var code = ref Segments[SegmentIndex.Cs];
        ulong maxLength = 0x2000;
        if (!_is64BitMode)
        {
            if (Rip > code.Limit)
            {
                RaiseGeneralProtection();
                return null;
            }
            maxLength = Math.Min(maxLength, code.Limit - Rip + 1);
        }
        else if (!IsCanonical(linear))
        {
            RaiseGeneralProtection();
            return null;
        }
        if (!TranslateFetch(linear, out var address))
            return null;
        ulong? nextPage = null;
        var block = _blocks.Find(linear, address, CodeSize, single);
        if (block == null || block->LastPage != address.Page)
            nextPage = PeekFetchPage((linear | 0xFFF) + 1);
        if (block != null && block->LastPage != address.Page && block->LastPage != nextPage)
            block = null;
        if (block != null && (ulong)block->Length > maxLength)
            block = null;
        if (block == null)
        {
            if (_blocks.IsFull)
                _blocks.Clear();
            if (!CanFetch(address))
            {
                RaiseInvalidOpcode();
                return null;
            }
            block = _blocks.Decode(address, nextPage, CodeSize, maxLength, single);
        }
        // An instruction that crosses is fetched from both pages.
        if (block->LastPage != address.Page)
            WalkFetch((linear | 0xFFF) + 1);
        if (block->IsValid)
            _blocks.RememberJump(linear, _file->CodeContext, _file->CodeWindow, single, block);
        return block;
    }

    /// <summary>The block that begins at a guest-physical address, if it has been decoded for the present code size.</summary>
    internal Block* FindDecoded(GuestPhysicalAddress address) => _blocks.Find(address, CodeSize, single: false);

    /// <summary>The linear address of an offset in CS.</summary>
    internal ulong LinearOf(ulong rip) => _is64BitMode ? rip : (uint)(Bases[SegmentIndex.Cs] + rip);

    /// <summary>Whether an address is guest RAM.</summary>
    internal bool IsRam(GuestPhysicalAddress address) => _memory.IsRam(address);

    /// <summary>Whether instructions can be fetched from an address: RAM or ROM.</summary>
    internal bool CanFetch(GuestPhysicalAddress address) => _memory.IsReadable(address, 1);

    /// <summary>Executes the instruction again from decoding on.</summary>
    internal Status Retry(Op* op)
    {
        Rip = RipOf(op);
        return Status.Branch;
    }

    /// <summary>Translates for an instruction fetch; false with #PF pending.</summary>
    internal bool TranslateFetch(ulong linear, out GuestPhysicalAddress address)
    {
        var translation = WalkFetch(linear);
        address = translation.Address;
        if (translation.IsFault)
            RaisePageFault(WrapLinear(linear), translation.Error);
        return !translation.IsFault;
    }

    private ulong? PeekFetchPage(ulong linear)
    {
        linear = WrapLinear(linear);
        if (_is64BitMode && !IsCanonical(linear))
            return null;
        var translation = Probe(linear, AccessKind.Execute, CurrentMmuMode);
        return !translation.IsFault && CanFetch(translation.Address) ? translation.Address.Page : null;
    }

    private VmExit TakeExit(bool awaitsAnswer)
    {
        HasPendingExit = false;
        _exitIsAfter = false;
        _awaitsAnswer = awaitsAnswer;
        if (!awaitsAnswer)
            ForgetAnswers();
        return PendingExit;
    }
}
