using System.Runtime.CompilerServices;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Flags;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>What may come between two instructions: kicks, NMIs, interrupt windows, shadows, traps (SDM 3A 6.9).</summary>
internal sealed unsafe partial class Vcpu
{
    private ref int AttentionFlags => ref _file->Attention;
    private bool _exitIsAfter;
    private bool _answeringInstruction;
    private bool _setsResume;

    /// <summary>What the vCPU is doing.</summary>
    internal ActivityState Activity;

    /// <summary>MONITOR has armed a wait. Not part of the state: losing it wakes MWAIT up at once, which it may.</summary>
    internal bool IsMonitoring;

    internal bool StiShadow, MovSsShadow, NmiBlocked, NmiPending;

    /// <summary>The next instruction is to be executed alone, with no interrupt before it (STI, MOV SS, POP SS).</summary>
    internal void EnterShadow(bool movSs)
    {
        if (movSs)
            MovSsShadow = true;
        else
            StiShadow = true;
        UpdateAttention();
    }

    /// <summary>Recomputes what the loop must look at, after anything that it depends on has changed.</summary>
    internal void UpdateAttention()
    {
        var wanted = Attention.None;
        if (_wantsInterruptWindow && (OtherFlags & Rflags.Interrupt) != 0)
            wanted |= Attention.InterruptWindow;
        if (NmiPending && !NmiBlocked)
            wanted |= Attention.Nmi;
        if (StiShadow || MovSsShadow || (OtherFlags & (Rflags.Trap | Rflags.Resume)) != 0 || HasBreakpoints)
            wanted |= Attention.Step;
        const int owned = (int)(Attention.InterruptWindow | Attention.Nmi | Attention.Step);
        ref var attention = ref AttentionFlags;
        Interlocked.And(ref attention, ~owned);
        if (wanted != Attention.None)
            Interlocked.Or(ref attention, (int)wanted);
    }

    /// <summary>Makes the loop deliver what an instruction that has completed left pending.</summary>
    private void AnnounceEvent() => Interlocked.Or(ref AttentionFlags, (int)Attention.Event);

    /// <summary>Sees to everything that needs attention before the next instruction.</summary>
    /// <returns>True if the loop must report an exit.</returns>
    private bool LookUp(out VmExit exit)
    {
        exit = default;
        var attention = (Attention)Volatile.Read(ref AttentionFlags);
        if ((attention & Attention.Code) != 0)
        {
            Interlocked.And(ref AttentionFlags, ~(int)Attention.Code);
            _watcher.CatchUp();
        }
        if ((attention & Attention.Event) != 0)
            Interlocked.And(ref AttentionFlags, ~(int)Attention.Event);
        if ((attention & Attention.Kick) != 0)
        {
            Interlocked.And(ref AttentionFlags, ~(int)Attention.Kick);
            exit = new VmExit(VmExitKind.Kicked);
            return true;
        }
        if (HasPending || MovSsShadow)
            return false;
        if ((attention & Attention.Nmi) != 0 && !StiShadow)
        {
            NmiPending = false;
            NmiBlocked = true;
            Activity = ActivityState.Running;
            Pending = new PendingException((byte)Vector.NonMaskableInterrupt, null, PendingExceptionKind.NonMaskableInterrupt);
            HasPending = true;
            UpdateAttention();
            return false;
        }
        if ((attention & Attention.InterruptWindow) != 0 && CanTakeInterrupt)
        {
            exit = new VmExit(VmExitKind.InterruptWindow);
            return true;
        }
        return false;
    }
}
