using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Flags;
using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.State;
using Ringmaster.Cpu.Translator.Cache;

namespace Ringmaster.Cpu.Translator.Execution;

/// <summary>SYSCALL and SYSRET, which generated code repeats without the runtime as long as nothing they depend on changes.</summary>
internal unsafe partial class TranslatorVcpu
{
    private bool _callIsGlobal;

    /// <summary>Takes in what generated code has changed.</summary>
    private void SyncMode()
    {
        if (File->ModeChanged == 0)
            return;
        File->ModeChanged = 0;
        UpdateMode();
    }

    internal override void SystemCallsChanged() => ForgetSystemCalls(keepGlobal: false);

    /// <summary>Has generated code leave for the next SYSCALL and SYSRET.</summary>
    private void ForgetSystemCalls(bool keepGlobal)
    {
        if (!keepGlobal || !_callIsGlobal)
            File->SystemCallEntry = _cache.Runtime.Exit;
        if (!keepGlobal)
            File->SystemReturnEntry = _cache.Runtime.Exit;
    }

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
    /// Interprets IRET. Every return from a page fault sets RF, which is about instruction breakpoints. Without any it need not be
    /// stepped over: it is gone behind the next instruction, which generated code executes before anything can come between.
    /// </summary>
    private Status ReturnFromInterrupt(out Region? region)
    {
        var status = InterpretOne(out region);
        if (status == Status.Branch && region != null && !HasPending && !HasBreakpoints
            && (OtherFlags & (Rflags.Resume | Rflags.Trap)) == Rflags.Resume && Demands == Attention.Step)
            SetOtherFlags(OtherFlags & ~Rflags.Resume);
        return status;
    }

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
