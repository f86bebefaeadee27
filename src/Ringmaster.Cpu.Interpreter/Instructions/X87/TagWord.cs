using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Instructions.X87;

/// <summary>The full tag word with two bits a register, worked out from the abridged one and the registers (SDM 1 8.1.7).</summary>
internal static class TagWord
{
    private const int Valid = 0, Zero = 1, Special = 2, Empty = 3;

    /// <summary>The full tag word.</summary>
    public static ushort Full(in FpuState fpu)
    {
        var full = 0;
        for (var i = 0; i < 8; i++)
            full |= ((fpu.TagWord >> i & 1) == 0 ? Empty : Classify(fpu.Registers[i])) << (2 * i);
        return (ushort)full;
    }

    /// <summary>The abridged tag word: only "empty" counts.</summary>
    public static byte Abridged(ushort full)
    {
        var abridged = 0;
        for (var i = 0; i < 8; i++)
            abridged |= (full >> (2 * i) & 3) == Empty ? 0 : 1 << i;
        return (byte)abridged;
    }

    private static int Classify(FloatRegister register)
    {
        var exponent = register.SignExponent & 0x7FFF;
        if (exponent == 0 && register.Significand == 0)
            return Zero;
        return exponent is 0 or 0x7FFF || (long)register.Significand >= 0 ? Special : Valid;
    }
}
