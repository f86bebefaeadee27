using System.Runtime.ExceptionServices;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Translator.Cache;

namespace Ringmaster.Cpu.Translator.Execution;

/// <summary>Executing regions, and what follows when generated code leaves.</summary>
internal unsafe partial class TranslatorVcpu
{
    private Status _status, _inPlaceStatus;
    private Region? _next;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Executes translated code until something else is due.</summary>
    /// <param name="region">Where to enter; then the region to go on with, or null if there is none at RIP.</param>
    private Status Execute(ref Region? region)
    {
        File->StatusFlags = GetStatus() | 0x202;
        if (ComesBackSoon)
            ((CpuFile*)_area)->Run = 0;
        _enter(_area, region!.Entry);
        if (((CpuFile*)_area)->Run == 0)
            AllowRun();
        if (_failure is { } failure)
        {
            _failure = null;
            failure.Throw();
        }
        region = _next;
        return _status;
    }

    /// <summary>
    /// Generated code has left, with all registers stored: does what is due and finds out where to go on. Only if that is not
    /// known is generated code really left.
    /// </summary>
    /// <returns>The host address where it goes on, or 0.</returns>
    private ulong GoOn(int number)
    {
        try
        {
            SyncMode();
            if (number != TranslatorFile.InPlaceExit)
                SetStatus((uint)File->StatusFlags);
            Executed += (long)File->Count;
            File->Count = 0;
            if (number == TranslatorFile.HostFaultExit && AfterHostFault() is var aside and not 0)
                return aside;
            _status = Handle(number, out _next);
            if (ComesBackSoon)
                return 0;
            if (_status == Status.Fault && TryDeliver())
            {
                _status = Status.Branch;
                _next = FindTranslated();
            }
            if (_status > Status.FallThrough || _next is null)
                return 0;
            if (((CpuFile*)_area)->Run == 0)
                AllowRun();
            if (Demands != Attention.None)
                return 0;
            File->StatusFlags = GetStatus() | 0x202;
            return _next.Entry;
        }
#pragma warning disable CA1031 // Nothing may pass through the frames of generated code; it is thrown again behind them.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failure = ExceptionDispatchInfo.Capture(e);
            return 0;
        }
    }

    /// <summary>Does what is due at an exit.</summary>
    /// <param name="number">The exit.</param>
    /// <param name="region">The region at RIP afterwards, if it is known.</param>
    private Status Handle(int number, out Region? region)
    {
        switch (number)
        {
            case TranslatorFile.HostFaultExit:
                // The instruction that the fault belongs to is executed as any other.
                return InterpretOne(out region);
            case TranslatorFile.EmptyJumpExit:
                // The one target that an empty entry of the jump cache can be taken for.
                Rip = ulong.MaxValue;
                region = null;
                return Status.Branch;
            case TranslatorFile.InPlaceExit:
                region = _inPlaceStatus <= Status.FallThrough ? FindTranslated() : null;
                return _inPlaceStatus;
        }
        var exit = _exits.At(number, out var from);
        _counters.Left(exit);
        Rip = from.RipAt(exit.Offset);
        Executed -= exit.Uncounted;
        if (exit.ChecksFollowing)
            ConfirmFollowing(from);
        switch (exit.Kind)
        {
            case ExitKind.Branch:
                region = FindBehindBranch();
                if (region != null)
                    TryLink(number, from, exit, region);
                return Status.Branch;
            case ExitKind.Unconfirmed:
                region = FindAtRip();
                return Status.Branch;
            case ExitKind.Poll:
                region = null;
                return Status.Branch;
            case ExitKind.SystemCall:
                return CallSystem(out region);
            case ExitKind.SystemReturn:
                return ReturnFromSystem(out region);
            case ExitKind.Ungroup:
                region = FindUngrouped(from);
                if (region == null)
                    return InterpretOne(out region);
                if (!ComesBackSoon && _epoch == _cache.Epoch)
                    _cache.TryLink(number, region, 0);
                return Status.Branch;
            case ExitKind.IndirectBranch:
                return InterpretBranch(out region);
            case ExitKind.Return:
                if (!TryReturn())
                    return InterpretBranch(out region);
                region = FindBehindBranch();
                return Status.Branch;
            case ExitKind.Memory when _fault is { } fault:
                _fault = null;
                region = null;
                R[17] = Rip;
                return RaisePageFault(fault.Linear, fault.Error);
            case ExitKind.Interpret when exit.Code == Iced.Intel.Code.Iretq:
                return ReturnFromInterrupt(out region);
            default:
                return InterpretOne(out region);
        }
    }

    /// <summary>Looks whether the page behind a region is mapped as it was; if so, its crossing instruction need not be interpreted again.</summary>
    private void ConfirmFollowing(Region region)
    {
        if (region.Following is not { } following)
            return;
        if (TryProbeFollowing(region.Key.Linear, out var linear, out var translation) && translation.Address.Page == following.Physical)
            Confirm(following.Check, linear, translation);
    }

    /// <summary>The region at RIP, unless the block there has been interpreted since someone last looked for one.</summary>
    private Region? FindBehindBranch() => FindTranslated() ?? (PeekBlock() is var block && block != null && block->Heat > 0 ? null : FindAtRip());

    private Status InterpretBranch(out Region? region)
    {
        var status = InterpretOne(out region);
        if (status <= Status.FallThrough)
            region ??= FindBehindBranch();
        return status;
    }

    /// <summary>Interprets one instruction for generated code, which has stored all registers.</summary>
    /// <returns>Whether generated code can go on behind it.</returns>
    private bool InterpretInPlace(int number)
    {
        SyncMode();
        var epoch = _epoch;
        var exit = _exits.At(number, out var from);
        _counters.Left(exit);
        SetStatus((uint)File->StatusFlags);
        Rip = from.RipAt(exit.Offset);
        // What generated code has counted ahead is not executed yet.
        Executed -= exit.Uncounted;
        if (exit.ChecksFollowing)
            ConfirmFollowing(from);
        _inPlaceStatus = Status.Fault;
        // INVLPG may be about a page of code.
        var generation = CodeGeneration;
        var block = FindBlock(single: true);
        if (block == null)
            return false;
        _inPlaceStatus = ExecuteBlock(block);
        if (_inPlaceStatus != Status.FallThrough || CodeGeneration != generation || Demands != Attention.None || !from.IsValid || ComesBackSoon
            || (exit.Next != 0 && Rip != from.RipAt(exit.Next))
            || !TryUseContext() || _contextNumber != from.Key.Context
            // The cache may have been cleared since, by another vCPU for which the interpreter has waited, or for a context.
            || _epoch != epoch)
            return false;
        Executed += exit.Uncounted - (exit.CountsItself ? 1 : 0);
        File->StatusFlags = GetStatus() | 0x202;
        return true;
    }

    /// <summary>
    /// A guest instruction has made the host fault. If its flags must be made again it goes on aside, where it leaves once more
    /// by an exit that does so.
    /// </summary>
    /// <returns>Where that is; 0 if RIP is at the instruction and the flags are as they should be.</returns>
    private ulong AfterHostFault()
    {
        var from = _cache.FindByHost(File->FaultAddress)
            ?? throw new InvalidOperationException($"The host faulted at 0x{File->FaultAddress:x}, where there is no generated code.");
        var place = from.InstructionAt(File->FaultAddress);
        if (place.Unfit != 0)
            return from.Host + (ulong)place.Unfit;
        Rip = from.RipAt(place.Offset);
        Executed -= place.Uncounted;
        return 0;
    }

    /// <summary>Interprets the instruction at RIP.</summary>
    private Status InterpretOne(out Region? region)
    {
        region = null;
        var block = FindBlock(single: true);
        if (block == null)
            return Status.Fault;
        var status = ExecuteBlock(block);
        if (status <= Status.FallThrough)
            region = FindTranslated();
        return status;
    }

    /// <summary>The region at RIP that checks each operand alone, in the page of another one; translated now if there is none.</summary>
    private Region? FindUngrouped(Region neighbour)
    {
        if (!TryUseContext() || neighbour.Key.Context != _contextNumber)
            return null;
        var linear = LinearOf(Rip);
        var key = new RegionKey((neighbour.Key.Physical & ~0xFFFUL) | (linear & 0xFFF), linear, _contextNumber, IsUngrouped: true);
        return _cache.Find(key) ?? Translate(key);
    }

    /// <summary>Lets a branch lead straight to its target.</summary>
    private void TryLink(int number, Region from, in ExitPoint exit, Region to)
    {
        if (from.Key.Context != to.Key.Context || exit.LinkPlace < 0 || ComesBackSoon)
            return;
        var check = 0;
        if (exit.CheckPlace >= 0)
        {
            check = to.Check;
            if (check == 0)
                return;
            var translation = ProbeFetch(to.Key.Linear);
            if (translation.IsFault || translation.Address.Value != to.Key.Physical)
                return;
            Confirm(check, to.Key.Linear, translation);
        }
        if (_cache.TryLink(number, to, check))
            _counters.Links++;
    }
}
