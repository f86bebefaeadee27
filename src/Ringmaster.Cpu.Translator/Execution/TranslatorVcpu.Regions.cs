using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Translator.Cache;

namespace Ringmaster.Cpu.Translator.Execution;

/// <summary>Executing regions, and what follows when generated code leaves.</summary>
internal unsafe partial class TranslatorVcpu
{
    /// <summary>Executes translated code until something else is due.</summary>
    /// <param name="region">Where to enter; then the region to go on with, or null if there is none at RIP.</param>
    private Status Execute(ref Region? region)
    {
        File->StatusFlags = GetStatus() | 0x202;
        if (ComesBackSoon)
            ((CpuFile*)_area)->Run = 0;
        _enter(_area, region!.Entry);
        if (ComesBackSoon && Demands == Attention.None)
            ((CpuFile*)_area)->Run = 1;
        SetStatus((uint)File->StatusFlags);
        Executed += (long)File->Count;
        File->Count = 0;
        var address = File->ExitAddress;
        if (address == _cache.Runtime.EmptyJumpExit)
        {
            // The one target that an empty entry of the jump cache can be taken for.
            Rip = ulong.MaxValue;
            region = null;
            return Status.Branch;
        }
        var from = _cache.FindByHost(address) ?? throw new InvalidOperationException($"Generated code left at 0x{address:x}, where there is none.");
        if (from.FindExit(address) is not { } exit)
        {
            // A host fault: the guest's own instruction has raised it.
            var place = from.InstructionAt(address);
            Rip = place.Rip;
            Executed -= place.Uncounted;
            return InterpretOne(ref region);
        }
        Rip = exit.Rip;
        Executed -= exit.Uncounted;
        switch (exit.Kind)
        {
            case ExitKind.Branch:
                region = FindTranslated() ?? FindExisting();
                if (region != null)
                    TryLink(from, exit, region);
                return Status.Branch;
            case ExitKind.Poll:
                region = null;
                return Status.Branch;
            case ExitKind.IndirectBranch:
                var status = InterpretOne(ref region);
                if (status <= Status.FallThrough && region == null)
                    region = FindExisting();
                return status;
            default:
                return InterpretOne(ref region);
        }
    }

    /// <summary>Interprets the instruction at RIP.</summary>
    private Status InterpretOne(ref Region? region)
    {
        region = null;
        var block = FindBlock(single: true);
        if (block == null)
            return Status.Fault;
        var status = ExecuteBlock(block, out _);
        if (status <= Status.FallThrough)
            region = FindTranslated();
        return status;
    }

    /// <summary>The region at RIP if it is translated already; the jump cache knows it then.</summary>
    private Region? FindExisting()
    {
        if (!TryUseContext())
            return null;
        var linear = LinearOf(Rip);
        if (Is64BitMode && !IsCanonical(linear))
            return null;
        var translation = ProbeFetch(linear);
        if (translation.IsFault)
            return null;
        var region = _cache.Find(new RegionKey(translation.Address.Value, linear, _contextNumber));
        if (region != null)
            _jumps.Add(_contextNumber, linear, region, translation.IsGlobal && HasGlobalPages);
        return region;
    }

    /// <summary>Lets a branch lead straight to its target.</summary>
    private void TryLink(Region from, in ExitPoint exit, Region to)
    {
        if (from.Key.Context != to.Key.Context || exit.LinkPlace < 0 || ComesBackSoon)
            return;
        var check = 0;
        if (exit.CheckPlace >= 0)
        {
            var page = to.Key.Linear >> 12;
            check = _cache.CheckOf(page, to.Key.Physical >> 12);
            if (check == 0)
                return;
            var translation = ProbeFetch(to.Key.Linear);
            if (translation.IsFault || translation.Address.Value != to.Key.Physical)
                return;
            _checks.Confirm(check, translation.IsGlobal && HasGlobalPages);
        }
        _cache.Link(from, exit, to, check);
    }
}
