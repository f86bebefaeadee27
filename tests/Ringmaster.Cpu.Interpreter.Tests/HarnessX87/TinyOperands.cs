using Ringmaster.Cpu.Models;

namespace Ringmaster.Cpu.Interpreter.Tests.HarnessX87;

/// <summary>
/// FPREM and FPREM1 by infinity and FSCALE by zero return their operand. Where it is tiny and #U is unmasked, AMD's processors and
/// the interpreter raise #U, whose condition holds (SDM 1 8.5.5), and Intel's do not.
/// </summary>
internal static class TinyOperands
{
    private const ushort Underflow = 0x10;

    private static readonly bool s_isIntel = HostCpu.ReadModel().IsIntel;

    /// <summary>Whether the host has returned a tiny operand as it is and the interpreter has raised #U.</summary>
    public static bool AreReturned(ReadOnlySpan<byte> instruction, FloatCase input, FloatCase host, FloatCase interpreter) =>
        s_isIntel && instruction is [0xD9, 0xF5 or 0xF8 or 0xFD]
        && (input.St(0)[1] & 0x7FFF) == 0 && host.St(0)[0] == input.St(0)[0] && host.St(0)[1] == input.St(0)[1]
        && (input.ControlWord & Underflow) == 0 && (host.StatusWord & Underflow) == (input.StatusWord & Underflow)
        && (interpreter.StatusWord & Underflow) != 0;
}
