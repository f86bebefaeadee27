using Iced.Intel;

namespace Ringmaster.Coverage.Tests.Instructions;

/// <summary>One way to write an instruction: its code, with a register or a memory operand, in a code size.</summary>
/// <param name="Code">Iced's code.</param>
/// <param name="IsMemory">The operand that may be either is in memory.</param>
/// <param name="Bits">16, 32 or 64.</param>
public readonly record struct InstructionForm(Code Code, bool IsMemory, int Bits)
{
    /// <summary>All forms that the encoding of a code allows.</summary>
    /// <param name="code">The code.</param>
    /// <param name="isAmd">As AMD's processors decode it, not as Intel's do.</param>
    public static IEnumerable<InstructionForm> Of(Code code, bool isAmd)
    {
        var info = code.ToOpCode();
        foreach (var bits in (int[])[16, 32, 64])
        {
            var isValid = (bits, isAmd) switch
            {
                (16, false) => info.IntelDecoder16,
                (32, false) => info.IntelDecoder32,
                (64, false) => info.IntelDecoder64,
                (16, true) => info.AmdDecoder16,
                (32, true) => info.AmdDecoder32,
                _ => info.AmdDecoder64,
            };
            if (!isValid)
                continue;
            if (AllowsRegister(info))
                yield return new(code, false, bits);
            if (AllowsMemory(info))
                yield return new(code, true, bits);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Code} ({(IsMemory ? "memory" : "register")}, {Bits}-bit)";

    private static bool AllowsMemory(OpCodeInfo info) => Kinds(info).Any(k => IsMemoryOnly(k) || IsEither(k));

    private static bool AllowsRegister(OpCodeInfo info) => !Kinds(info).Any(IsMemoryOnly);

    private static IEnumerable<OpCodeOperandKind> Kinds(OpCodeInfo info) => Enumerable.Range(0, info.OpCount).Select(info.GetOpKind);

    /// <summary>An operand that is always in memory and that the handler finds as a memory operand.</summary>
    internal static bool IsMemoryOnly(OpCodeOperandKind kind) => kind is OpCodeOperandKind.mem or OpCodeOperandKind.mem_offs
        or OpCodeOperandKind.seg_rBX_al or (>= OpCodeOperandKind.mem_vsib32x and <= OpCodeOperandKind.mem_vsib64z);

    /// <summary>An operand that the ModR/M byte puts into a register or into memory.</summary>
    internal static bool IsEither(OpCodeOperandKind kind) => kind is OpCodeOperandKind.r8_or_mem or OpCodeOperandKind.r16_or_mem
        or OpCodeOperandKind.r32_or_mem or OpCodeOperandKind.r64_or_mem or OpCodeOperandKind.mm_or_mem
        or OpCodeOperandKind.xmm_or_mem or OpCodeOperandKind.ymm_or_mem;
}
