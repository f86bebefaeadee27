using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>An event on its way through the interrupt descriptor table.</summary>
/// <param name="Vector">The table's entry.</param>
/// <param name="ErrorCode">What to push last, or null.</param>
/// <param name="IsSoftware">INT n, INT3 or INTO: the gate's DPL is checked, and error codes have no EXT bit.</param>
/// <param name="ReturnRip">RIP to push.</param>
/// <param name="Flags">RFLAGS to push.</param>
internal readonly record struct Delivery(byte Vector, uint? ErrorCode, bool IsSoftware, ulong ReturnRip, uint Flags)
{
    /// <summary>The error code of faults that name this entry: its index with the IDT bit (SDM 3A 6.13).</summary>
    public uint GateError => Vector * 8u + 2;

    /// <summary>
    /// Whether RF is set in the pushed image, so that the instruction is not stopped again by its breakpoint: for faults, but
    /// not for #DB, traps and aborts (SDM 3B 17.3.1.1).
    /// </summary>
    public static bool PushesResume(in PendingException pending) => pending.Kind == PendingExceptionKind.HardwareException
        && (Vector)pending.Vector is not (Execution.Vector.Debug or Execution.Vector.NonMaskableInterrupt or Execution.Vector.Breakpoint
            or Execution.Vector.Overflow or Execution.Vector.DoubleFault or Execution.Vector.MachineCheck);
}
