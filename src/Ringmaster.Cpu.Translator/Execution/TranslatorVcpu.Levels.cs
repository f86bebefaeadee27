using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Flags;
using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.State;
using Ringmaster.Cpu.Translator.Cache;

namespace Ringmaster.Cpu.Translator.Execution;

/// <summary>SYSCALL, SYSRET and IRET, which generated code repeats without the runtime as long as nothing they depend on changes.</summary>
internal unsafe partial class TranslatorVcpu
{
    /// <summary>log2 of the bytes of the largest page.</summary>
    private const int MostPageShift = 30;

    /// <summary>How often each instruction was returned to where no region starts; by hash.</summary>
    private readonly int[] _returnHeat = new int[256];

    private bool _callIsGlobal, _returnTableIsGlobal;
    private ulong _returnTable;

    /// <summary>Takes in what generated code has changed.</summary>
    private void SyncMode()
    {
        if (File->ModeChanged == 0)
            return;
        File->ModeChanged = 0;
        UpdateMode();
    }

    internal override void LevelChangesChanged() => ForgetLevelChanges(keepGlobal: false);

    /// <summary>Has generated code leave for the next SYSCALL, SYSRET and IRET.</summary>
    private void ForgetLevelChanges(bool keepGlobal)
    {
        if (!keepGlobal || !_callIsGlobal)
            File->SystemCallEntry = _cache.Runtime.Exit;
        if (!keepGlobal || !_returnTableIsGlobal)
            ForgetInterruptReturn();
        if (!keepGlobal)
            File->SystemReturnEntry = _cache.Runtime.Exit;
    }

    private void ForgetInterruptReturn() => File->ReturnToUser.IsLearned = File->ReturnToKernel.IsLearned = 0;

    /// <summary>Interprets SYSCALL and lets generated code do the same from now on, if it can.</summary>
    private Status CallSystem(out Region? region)
    {
        var status = InterpretOne(out region);
        // User code could choose the kernel's MMU mode by AC if that were not cleared.
        if (status != Status.Branch || region == null || HasPending || !Is64BitMode || Rip != Msr.Lstar
            || ((uint)Msr.Fmask & Rflags.AlignmentCheck) == 0 || ((uint)Msr.Fmask & Rflags.Trap) == 0)
            return status;
        var translation = ProbeFetch(Rip);
        if (translation.IsFault)
            return status;
        _callIsGlobal = IsGlobal(translation);
        ref var cells = ref File->SystemCall;
        cells.Target = region.Entry;
        cells.StatusKept = ~Msr.Fmask & StatusMask;
        cells.OthersKept = ~(Msr.Fmask | Rflags.Resume) | Rflags.Fixed;
        cells.KernelCode = Segments[SegmentIndex.Cs];
        cells.KernelStack = Segments[SegmentIndex.Ss];
        File->SystemCallEntry = _cache.Runtime.SystemCall;
        return status;
    }

    /// <summary>
    /// Interprets IRET, and lets generated code do the same from now on, if it can. Every return from a page fault sets RF, which
    /// is about instruction breakpoints. Without any it need not be stepped over: it is gone behind the next instruction, which
    /// generated code executes before anything can come between. Who compares states looks in between.
    /// </summary>
    private Status ReturnFromInterrupt(out Region? region)
    {
        var rights = DataRights;
        var fromKernel = Is64BitMode && Cpl == 0;
        var status = InterpretOne(out region);
        if (status != Status.Branch || HasPending)
            return status;
        region ??= FindAtRip(translates: IsReturnedToOften());
        if (region == null)
            return status;
        if (!ComesBackSoon && !HasBreakpoints && (OtherFlags & (Rflags.Resume | Rflags.Trap)) == Rflags.Resume && Demands == Attention.Step)
            SetOtherFlags(OtherFlags & ~Rflags.Resume);
        if (!fromKernel || !Is64BitMode || (OtherFlags & Rflags.AlignmentCheck) != 0 || DataRights != rights || !TryUseContext())
            return status;
        if (CurrentMmuMode == MmuMode.User)
            Learn(ref File->ReturnToUser);
        else if (Cpl == 0)
            Learn(ref File->ReturnToKernel);
        return status;
    }

    /// <summary>
    /// Counts a return to RIP. An instruction that faults again and again is where no block starts, so that the interpreter,
    /// which steps over it because of RF, would never find it worth translating.
    /// </summary>
    private bool IsReturnedToOften()
    {
        ref var heat = ref _returnHeat[(Rip ^ (Rip >> 8)) % (ulong)_returnHeat.Length];
        if (++heat <= _options.Threshold)
            return false;
        heat = 0;
        return true;
    }

    private void Learn(ref InterruptReturnCells cells)
    {
        var (code, stack) = (Segments[SegmentIndex.Cs], Segments[SegmentIndex.Ss]);
        // It may have left for another reason.
        if (cells.IsLearned != 0 && cells.Code == code && cells.Stack == stack && cells.Jumps == (ulong)Area.JumpTags(_contextNumber)
            && (cells.Es, cells.Ds, cells.Fs, cells.Gs) == DataRights)
            return;
        cells.IsLearned = 0;
        // A null selector has no descriptor: the other one takes its place.
        var described = IsNull(stack.Selector) ? code : stack;
        if (FindDescriptor(code, out var linear, out var isGlobal) is not { } codePlace || FindDescriptor(described, out var stackLinear, out _) is not { } stackPlace
            || linear >> 12 != stackLinear >> 12)
            return;
        (cells.CodeSelector, cells.CodePlace, cells.CodeDescriptor) = (code.Selector, codePlace, *(ulong*)codePlace);
        (cells.StackSelector, cells.StackPlace, cells.StackDescriptor) = (stack.Selector, stackPlace, *(ulong*)stackPlace);
        // Another vCPU may have changed them since they were read.
        if (new Descriptor(cells.CodeDescriptor, 0).ToSegment(code.Selector) != code
            || new Descriptor(cells.StackDescriptor, 0).ToSegment(described.Selector) != described)
            return;
        cells.Jumps = (ulong)Area.JumpTags(_contextNumber);
        (cells.Code, cells.Stack) = (code, stack);
        (cells.Es, cells.Ds, cells.Fs, cells.Gs) = DataRights;
        var table = (linear >> MostPageShift, isGlobal);
        if ((_returnTable, _returnTableIsGlobal) != table)
            ForgetInterruptReturn();
        (_returnTable, _returnTableIsGlobal) = table;
        cells.IsLearned = 1;
    }

    /// <summary>The host address of a segment's descriptor in the GDT, if it is aligned RAM.</summary>
    private ulong? FindDescriptor(in Segment segment, out ulong linear, out bool isGlobal)
    {
        isGlobal = false;
        if (!TryProbeDescriptor(segment.Selector, out linear, out var translation) || !IsRam(translation.Address) || (linear & 7) != 0)
            return null;
        isGlobal = IsGlobal(translation);
        return (ulong)_memory.HostBase + translation.Address.Value;
    }

    /// <summary>Limits and rights of the segments that a return to an outer level may drop.</summary>
    private (ulong Es, ulong Ds, ulong Fs, ulong Gs) DataRights =>
        (RightsOf(SegmentIndex.Es), RightsOf(SegmentIndex.Ds), RightsOf(SegmentIndex.Fs), RightsOf(SegmentIndex.Gs));

    private ulong RightsOf(int segment) => Segments[segment].Limit | (ulong)Segments[segment].Attributes.Value << 32;

    /// <summary>Interprets SYSRET and lets generated code do the same from now on, if it can.</summary>
    private Status ReturnFromSystem(out Region? region)
    {
        ref var cells = ref File->SystemCall;
        File->SystemReturnEntry = _cache.Runtime.Exit;
        cells.StackBefore = Segments[SegmentIndex.Ss];
        var status = InterpretOne(out region);
        if (status != Status.Branch || HasPending || !Is64BitMode || CurrentMmuMode != MmuMode.User || !TryUseContext())
            return status;
        cells.UserJumps = (ulong)Area.JumpTags(_contextNumber);
        cells.UserCode = Segments[SegmentIndex.Cs];
        cells.UserStack = Segments[SegmentIndex.Ss];
        File->SystemReturnEntry = _cache.Runtime.SystemReturn;
        return status;
    }
}
