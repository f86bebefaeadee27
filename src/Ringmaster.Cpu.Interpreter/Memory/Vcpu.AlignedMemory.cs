using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Accesses that must be aligned to their own size, as most legacy SSE operands must: #GP(0) otherwise.</summary>
internal unsafe partial class Vcpu
{
    /// <summary>Loads an operation's memory operand, which must be aligned to its size.</summary>
    internal bool ReadAligned<T>(Op* op, out T value) where T : unmanaged
    {
        value = default;
        return LinearOperand(op, sizeof(T), AccessKind.Read, out var linear)
            && ((linear & (ulong)(sizeof(T) - 1)) == 0 || AllowsMisaligned(op) || CheckAligned(linear, sizeof(T)))
            && ReadLinear(op->Segment, linear, out value);
    }

    /// <summary>Stores to an operation's memory operand, which must be aligned to its size.</summary>
    internal bool WriteAligned<T>(Op* op, T value) where T : unmanaged =>
        LinearOperand(op, sizeof(T), AccessKind.Write, out var linear) && CheckAligned(linear, sizeof(T))
            && WriteLinear(op->Segment, linear, value);

    /// <summary>
    /// Checks that an operation's memory operand could be stored to: for stores that an exception keeps from happening, but
    /// not from faulting.
    /// </summary>
    internal bool ProbeOperand(Op* op, int size) =>
        LinearOperand(op, size, AccessKind.Write, out var linear) && ProbeWrite(op->Segment, linear, size);

    /// <summary>
    /// Forms the linear address of an operation's memory operand with all segment checks: for instructions that access
    /// several places around it (ReadLinear and WriteLinear with op->Segment then do the rest).
    /// </summary>
    /// <param name="op">The operation.</param>
    /// <param name="size">Bytes that will be accessed from there.</param>
    /// <param name="kind">Read or write.</param>
    /// <param name="linear">The address.</param>
    internal bool LinearOperand(Op* op, int size, AccessKind kind, out ulong linear) =>
        LinearAt(op, EffectiveAddress(op), size, kind, out linear);

    /// <summary>As <see cref="LinearOperand"/>, for an offset that is already formed and wrapped.</summary>
    internal bool LinearAt(Op* op, ulong offset, int size, AccessKind kind, out ulong linear)
    {
        if ((op->Flags & OpFlags.Flat) == 0)
            return Segmented(op->Segment, offset, size, kind, out linear);
        linear = offset + Bases[op->Segment];
        return true;
    }

    // MXCSR.MM lifts the rule for operands of computations, not for aligned moves (APM 1 4.2.2, APM 2 8.2.14).
    private bool AllowsMisaligned(Op* op)
    {
        const uint misalignedMask = 1 << 17;
        return (Fpu.Mxcsr & misalignedMask) != 0 && ((Code)op->Code).Mnemonic() is not (Mnemonic.Movaps or Mnemonic.Movapd
            or Mnemonic.Movdqa or Mnemonic.Movntdqa or Mnemonic.Vmovaps or Mnemonic.Vmovapd or Mnemonic.Vmovdqa or Mnemonic.Vmovntdqa);
    }

    private bool CheckAligned(ulong linear, int size)
    {
        if ((linear & (ulong)(size - 1)) == 0)
            return true;
        Raise(Vector.GeneralProtection, 0);
        return false;
    }
}
