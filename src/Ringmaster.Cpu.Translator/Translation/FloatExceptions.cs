using Iced.Intel;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>Which vector instructions can raise a floating-point exception (SDM 1 appendix C, tables C-3 and on).</summary>
internal static class FloatExceptions
{
    /// <summary>Whether an instruction computes with floating-point numbers. Errs on the side of yes.</summary>
    public static bool MayRaise(in Instruction instruction)
    {
        var name = instruction.Mnemonic.ToString().AsSpan();
        if (name[0] == 'V')
            name = name[1..];
        // Integer vectors begin with P; moves, shuffles and logic of floats compute nothing.
        if (char.ToUpperInvariant(name[0]) == 'P')
            return false;
        return !(name.StartsWith("mov", StringComparison.OrdinalIgnoreCase) || name.StartsWith("and", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("or", StringComparison.OrdinalIgnoreCase) || name.StartsWith("xor", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("shuf", StringComparison.OrdinalIgnoreCase) || name.StartsWith("unpck", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("blend", StringComparison.OrdinalIgnoreCase) || name.StartsWith("aes", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("sha", StringComparison.OrdinalIgnoreCase) || name.StartsWith("lddqu", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("broadcast", StringComparison.OrdinalIgnoreCase) || name.StartsWith("zero", StringComparison.OrdinalIgnoreCase));
    }
}
