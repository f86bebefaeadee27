using Iced.Intel;

namespace Ringmaster.Cpu.Interpreter.Decoding;

/// <summary>FOP: the low three bits of an x87 instruction's first opcode byte, then its second byte (SDM 1 8.1.9).</summary>
internal static class X87Opcode
{
    /// <summary>Whether an instruction begins with an opcode byte from D8 to DF.</summary>
    public static bool Applies(Code code) => code is >= Code.Fadd_m32fp and <= Code.Fcomip_st0_sti;

    /// <summary>The eleven bits.</summary>
    /// <param name="instruction">The bytes of an x87 instruction, prefixes included.</param>
    public static ushort Of(ReadOnlySpan<byte> instruction)
    {
        // No prefix has a value from D8 to DF.
        for (var i = 0; i + 1 < instruction.Length; i++)
        {
            if (instruction[i] is >= 0xD8 and <= 0xDF)
                return (ushort)((instruction[i] & 7) << 8 | instruction[i + 1]);
        }
        return 0;
    }
}
