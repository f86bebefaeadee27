namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Why the loop must look up before the next block.</summary>
[Flags]
internal enum Attention
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Someone wants the vCPU to leave.</summary>
    Kick = 1,

    /// <summary>The caller waits for an interrupt window.</summary>
    InterruptWindow = 2,

    /// <summary>An NMI is latched.</summary>
    Nmi = 4,

    /// <summary>One instruction at a time: trap flag, breakpoints, or an interrupt shadow to be left.</summary>
    Step = 8,

    /// <summary>Others ask for something about code in guest memory; see <see cref="Ringmaster.Memory.CodeWatcher"/>.</summary>
    Code = 16,

    /// <summary>An instruction has completed and left an event pending.</summary>
    Event = 32,
}
