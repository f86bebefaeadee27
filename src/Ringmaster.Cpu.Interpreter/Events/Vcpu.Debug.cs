using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Flags;
using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Debug registers, breakpoints and single stepping (SDM 3B 17.2, 17.3).</summary>
internal unsafe partial class Vcpu
{
    private const ulong Dr6SingleStep = 1 << 14, Dr6Task = 1 << 15, Dr6Access = 1 << 13, Dr6Fixed = 0xFFFF_0FF0;
    private const ulong Dr7GeneralDetect = 1 << 13;
    private const ulong BranchTrapFlag = 1 << 1;

    /// <summary>No RIP.</summary>
    private const ulong Nowhere = 0xDEAD_0000_0000_0000;

    /// <summary>RIP of a string instruction that stands between two of its repetitions.</summary>
    private ulong _repeatRip = Nowhere;

    internal ref ulong Dr0 => ref _file->Dr0;
    internal ref ulong Dr1 => ref _file->Dr1;
    internal ref ulong Dr2 => ref _file->Dr2;
    internal ref ulong Dr3 => ref _file->Dr3;
    internal ref ulong Dr6 => ref _file->Dr6;
    internal ref ulong Dr7 => ref _file->Dr7;
    private ulong _dataHits;

    /// <summary>
    /// A string instruction makes a pause between two repetitions. An event that comes now pushes RF, so that the rest of the
    /// instruction is not stopped by its breakpoint again (SDM 3B 17.3.1.1).
    /// </summary>
    internal Status PauseString(Op* op)
    {
        _repeatRip = RipOf(op);
        return LeaveString(op);
    }

    /// <summary>
    /// A string instruction may have overwritten itself: what stands there now goes on with the rest. Processors may also
    /// finish what they have begun, unless an interrupt comes in between (SDM 2B REP, SDM 3A 11.6). That would make the
    /// outcome depend on where the loop pauses.
    /// </summary>
    internal Status RefetchString(Op* op)
    {
        EndString();
        return LeaveString(op);
    }

    private Status LeaveString(Op* op)
    {
        // It is counted when it ends.
        Executed--;
        OnStringLeft();
        return Retry(op);
    }

    /// <summary>Called when a string instruction is left before its end.</summary>
    internal virtual void OnStringLeft()
    {
    }

    /// <summary>A string instruction is complete.</summary>
    internal void EndString() => _repeatRip = Nowhere;

    /// <summary>Any breakpoint is armed.</summary>
    internal bool HasBreakpoints => (Dr7 & 0xFF) != 0;

    /// <summary>MOV to or from a debug register is trapped (DR7.GD).</summary>
    internal bool DetectsDebugAccess => (Dr7 & Dr7GeneralDetect) != 0;

    /// <summary>The address in DR0 to DR3.</summary>
    internal ulong BreakpointAddress(int index) => index switch { 0 => Dr0, 1 => Dr1, 2 => Dr2, _ => Dr3 };

    /// <summary>Sets DR7 and everything that follows from it.</summary>
    internal void SetDr7(ulong value)
    {
        // Bit 11 belongs to RTM, which no model has.
        Dr7 = (value & 0xFFFF_23FF) | 0x400;
        FlushTlb(TlbFlush.All);
        UpdateAttention();
    }

    /// <summary>Takes #DB for DR7.GD; the access is not carried out.</summary>
    internal Status RaiseDebugAccess()
    {
        Dr6 |= Dr6Access;
        Dr7 &= ~Dr7GeneralDetect;
        return Raise(Vector.Debug);
    }

    /// <summary>ICEBP and task-switch traps set their own bit.</summary>
    internal void RaiseTaskTrap()
    {
        Dr6 |= Dr6Task;
        Raise(Vector.Debug);
    }

    private bool IsArmed(int index) => (Dr7 >> (index * 2) & 3) != 0;

    private int KindOf(int index) => (int)(Dr7 >> (16 + index * 4)) & 3;

    // LEN: 0 is one byte, 1 two, 3 four, 2 eight.
    private ulong LengthOf(int index) => ((Dr7 >> (18 + index * 4)) & 3) switch { 0 => 1, 1 => 2, 3 => 4, _ => 8 };

    /// <summary>An instruction breakpoint stands at CS:RIP: #DB, a fault.</summary>
    private bool HitsCodeBreakpoint()
    {
        if (!HasBreakpoints)
            return false;
        var linear = LinearOf(Rip);
        ulong hits = 0;
        for (var i = 0; i < 4; i++)
        {
            if (IsArmed(i) && KindOf(i) == 0 && BreakpointAddress(i) == linear)
                hits |= 1UL << i;
        }
        if (hits == 0)
            return false;
        Dr6 = (Dr6 & ~0xFUL) | hits;
        Raise(Vector.Debug);
        return true;
    }

    /// <summary>A data breakpoint lies in the page: its accesses must not be served by the TLB.</summary>
    internal bool IsWatched(ulong page)
    {
        if (!HasBreakpoints)
            return false;
        for (var i = 0; i < 4; i++)
        {
            var start = BreakpointAddress(i) & ~(LengthOf(i) - 1);
            if (IsArmed(i) && KindOf(i) is 1 or 3 && (start & ~0xFFFUL) == page)
                return true;
        }
        return false;
    }

    /// <summary>Records hits of data breakpoints; they trap after the instruction.</summary>
    private void WatchData(ulong linear, int size, AccessKind kind)
    {
        if (!HasBreakpoints)
            return;
        for (var i = 0; i < 4; i++)
        {
            var length = LengthOf(i);
            var start = BreakpointAddress(i) & ~(length - 1);
            if (IsArmed(i) && (KindOf(i) == 3 || (KindOf(i) == 1 && kind == AccessKind.Write))
                && linear < start + length && start < linear + (ulong)size)
                _dataHits |= 1UL << i;
        }
    }

    /// <summary>Records hits of I/O breakpoints (CR4.DE).</summary>
    internal void WatchPort(ushort port, int size)
    {
        if (!HasBreakpoints || (Cr4 & Cr4Bits.DebuggingExtensions) == 0)
            return;
        for (var i = 0; i < 4; i++)
        {
            var length = LengthOf(i);
            var start = BreakpointAddress(i) & 0xFFFF & ~(length - 1);
            if (IsArmed(i) && KindOf(i) == 2 && port < start + length && start < port + (ulong)size)
                _dataHits |= 1UL << i;
        }
    }

    /// <summary>With DEBUGCTL.BTF the trap flag stops after branches that are taken, and only there (SDM 3B 17.4.3).</summary>
    private bool StepsOver(Op* op, Status status) => (Msr.DebugControl & BranchTrapFlag) != 0
        && (status != Status.Branch || ((Code)op->Code).FlowControl() is FlowControl.Next or FlowControl.Exception);

    /// <summary>After an instruction: #DB for its data breakpoints and for the trap flag.</summary>
    private void RaiseDebugTraps(bool singleStep, bool inMovSsShadow)
    {
        var hits = _dataHits;
        if (inMovSsShadow)
            return;
        _dataHits = 0;
        if (HasPending || (hits == 0 && !singleStep))
            return;
        Dr6 = (Dr6 & ~0xFUL) | hits | (singleStep ? Dr6SingleStep : 0) | Dr6Fixed;
        Raise(Vector.Debug);
    }
}
