using System.Runtime.CompilerServices;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Flags;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>What may come between two instructions: kicks, NMIs, interrupt windows, shadows, traps (SDM 3A 6.9).</summary>
internal unsafe partial class Vcpu
{
    private bool _exitIsAfter;
    private bool _answeringInstruction;
    private bool _setsResume;

    /// <summary>What the vCPU is doing.</summary>
    internal ActivityState Activity;

    /// <summary>MONITOR has armed a wait. Not part of the state: losing it wakes MWAIT up at once, which it may.</summary>
    internal bool IsMonitoring;

    internal bool StiShadow, MovSsShadow, NmiPending;

    /// <summary>No NMI is let through before the next IRET (SDM 3A 6.7.1).</summary>
    internal bool NmiBlocked
    {
        get => _file->NmiBlocked != 0;
        set => _file->NmiBlocked = value ? 1u : 0;
    }

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
        if (WantsInterruptWindow && (OtherFlags & Rflags.Interrupt) != 0)
            wanted |= Attention.InterruptWindow;
        if (NmiPending && !NmiBlocked)
            wanted |= Attention.Nmi;
        if (StiShadow || MovSsShadow || (OtherFlags & (Rflags.Trap | Rflags.Resume)) != 0 || HasBreakpoints)
            wanted |= Attention.Step;
        const Attention owned = Attention.InterruptWindow | Attention.Nmi | Attention.Step;
        if ((Demands & owned) == wanted)
            return;
        if (wanted != owned)
            Grant(owned & ~wanted);
        if (wanted != Attention.None)
            Demand(wanted);
    }

    /// <summary>Makes the loop deliver what an instruction that has completed left pending.</summary>
    private void AnnounceEvent() => Demand(Attention.Event);

    /// <summary>Why the loop must look up.</summary>
    internal Attention Demands => (Attention)Volatile.Read(ref _file->Attention);

    /// <summary>Makes the loop look up before the next block. From any thread.</summary>
    internal void Demand(Attention reasons)
    {
        Interlocked.Or(ref _file->Attention, (int)reasons);
        Volatile.Write(ref _file->Run, 0);
    }

    /// <summary>The loop has looked up for these reasons.</summary>
    private void Grant(Attention reasons)
    {
        Interlocked.And(ref _file->Attention, ~(int)reasons);
        AllowRun();
    }

    /// <summary>Lets generated code run on unless there are demands.</summary>
    internal void AllowRun()
    {
        if (Demands != Attention.None)
            return;
        Interlocked.Exchange(ref _file->Run, 1);
        // Someone may have asked between the look and the exchange.
        if (Demands != Attention.None)
            Volatile.Write(ref _file->Run, 0);
    }

    /// <summary>Makes the latched NMI the event to be delivered.</summary>
    internal void TakeNmi()
    {
        NmiPending = false;
        NmiBlocked = true;
        Activity = ActivityState.Running;
        Pending = new PendingException((byte)Vector.NonMaskableInterrupt, null, PendingExceptionKind.NonMaskableInterrupt);
        HasPending = true;
        UpdateAttention();
    }

    /// <summary>Sees to everything that needs attention before the next instruction.</summary>
    /// <returns>True if the loop must report an exit.</returns>
    private bool LookUp(out VmExit exit)
    {
        exit = default;
        var attention = Demands;
        if ((attention & Attention.Code) != 0)
        {
            Grant(Attention.Code);
            _watcher.CatchUp();
        }
        if ((attention & Attention.Event) != 0)
            Grant(Attention.Event);
        if ((attention & Attention.Kick) != 0)
        {
            Grant(Attention.Kick);
            exit = new VmExit(VmExitKind.Kicked);
            return true;
        }
        if (HasPending || MovSsShadow)
            return false;
        if ((attention & Attention.Nmi) != 0 && !StiShadow)
        {
            TakeNmi();
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
