using System.Runtime.InteropServices;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Translator.Execution;

/// <summary>What SYSCALL and SYSRET do as long as nothing that they depend on changes, for generated code.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SystemCallCells
{
    /// <summary>Host address of the code at LSTAR.</summary>
    public ulong Target;

    /// <summary>The arithmetic flags, and the others, that SYSCALL leaves.</summary>
    public ulong StatusKept, OthersKept;

    /// <summary>CS and SS after SYSCALL.</summary>
    public Segment KernelCode, KernelStack;

    /// <summary>The user context's jump cache, as a place in the area.</summary>
    public ulong UserJumps;

    /// <summary>SS before SYSRET: AMD processors keep its hidden part.</summary>
    public Segment StackBefore;

    /// <summary>CS and SS after SYSRET.</summary>
    public Segment UserCode, UserStack;
}
