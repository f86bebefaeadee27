using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Interrupts;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu;

/// <summary>
/// One virtual CPU of an engine. Its thread calls everything here except <see cref="Kick"/>, which any thread may call.
/// </summary>
/// <remarks>
/// The engine never calls out: it returns an exit, the caller carries it out, and the next <see cref="Run"/> takes the
/// answer. Interrupts are given to it, one at a time, when <see cref="CanTakeInterrupt"/> says so.
/// </remarks>
public interface IVirtualCpu : IDisposable
{
    /// <summary>Its number.</summary>
    VcpuIndex Index { get; }

    /// <summary>Whether an external interrupt can be taken before the next instruction: IF set, no shadow, nothing else pending.</summary>
    bool CanTakeInterrupt { get; }

    /// <summary>When true, <see cref="Run"/> returns <see cref="VmExitKind.InterruptWindow"/> as soon as <see cref="CanTakeInterrupt"/> becomes true.</summary>
    bool WantsInterruptWindow { get; set; }

    /// <summary>The task priority in CR8, 0 to 15. The owner of the local APIC writes it when the guest changes the TPR there.</summary>
    byte TaskPriority { get; set; }

    /// <summary>
    /// The guest's writes to CR8 that leave less there than this make <see cref="Run"/> return <see cref="VmExitKind.TaskPriority"/>;
    /// the others it need not tell of (SDM 3C 24.6.8). 0 to 15; 0 after creation.
    /// </summary>
    byte TaskPriorityThreshold { get; set; }

    /// <summary>The local APIC, if the engine has it itself while the guest runs; null where it is the machine's at all times.</summary>
    IVirtualApic? Apic => null;

    /// <summary>Instructions executed since creation, for statistics; -1 if the engine cannot count them.</summary>
    long InstructionCount { get; }

    /// <summary>What else the engine counts, for statistics; what belongs to all vCPUs together is with the first. From any thread.</summary>
    IReadOnlyList<EngineCounter> Counters => [];

    /// <summary>
    /// Why the engine cannot go on with the guest, in sentences, when <see cref="Run"/> has returned <see cref="VmExitKind.Shutdown"/> for
    /// that; null after a triple fault, and until then.
    /// </summary>
    string? Failure => null;

    /// <summary>Executes until the next exit.</summary>
    /// <param name="answer">The answer to the last exit; <see cref="ExitAnswer.Done"/> for those that need none.</param>
    VmExit Run(ExitAnswer answer);

    /// <summary>Completes the instruction that the last exit belongs to, if any, so that the state is consistent and may be exported.</summary>
    /// <param name="answer">The answer to the last exit.</param>
    /// <returns>Null when nothing is left to do, or the next exit that the same instruction needs answered first.</returns>
    VmExit? Settle(ExitAnswer answer);

    /// <summary>Makes <see cref="Run"/> return soon with <see cref="VmExitKind.Kicked"/>; if it is not running, its next call does.</summary>
    void Kick();

    /// <summary>Delivers an external interrupt before the next instruction. Only when <see cref="CanTakeInterrupt"/>.</summary>
    void InjectInterrupt(byte vector);

    /// <summary>Latches a non-maskable interrupt; it is taken as soon as NMIs are not blocked.</summary>
    void InjectNmi();

    /// <summary>Whether an NMI is latched that is not blocked: it wakes a halted vCPU.</summary>
    bool HasPendingNmi { get; }

    /// <summary>What the guest's time-stamp counter is ahead of the VM's, modulo 2^64. Any thread may read it.</summary>
    ulong TscOffset { get; }

    /// <summary>Copies the state out. Only between two instructions: after <see cref="Settle"/> has returned null.</summary>
    void Export(CpuState state);

    /// <summary>Takes a state on, dropping everything cached and any exit not yet answered.</summary>
    void Import(CpuState state);

    /// <summary>Translates a linear address as the guest's own supervisor read would, with no side effect; for debuggers and crash reports.</summary>
    /// <param name="address">The linear address.</param>
    /// <returns>The guest-physical address, or null if it is not mapped.</returns>
    Memory.GuestPhysicalAddress? Translate(LinearAddress address);
}
