using System.Runtime.Intrinsics.X86;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Instructions;

namespace Ringmaster.Cpu.Interpreter.Tests.HarnessSimd;

/// <summary>Which instructions the vector and bit families must have, and what must be known to compare them with the host.</summary>
internal static unsafe class TestedCodes
{
    private static readonly HandlerTable s_table = HandlerTable.Create();

    private static readonly HashSet<CpuidFeature> s_features =
    [
        CpuidFeature.SSE, CpuidFeature.SSE2, CpuidFeature.SSE3, CpuidFeature.SSSE3, CpuidFeature.SSE4_1, CpuidFeature.SSE4_2, CpuidFeature.SSE4A,
        CpuidFeature.AES, CpuidFeature.PCLMULQDQ, CpuidFeature.SHA, CpuidFeature.AVX, CpuidFeature.AVX2, CpuidFeature.FMA, CpuidFeature.F16C,
        CpuidFeature.BMI1, CpuidFeature.BMI2, CpuidFeature.ADX, CpuidFeature.MOVBE, CpuidFeature.POPCNT, CpuidFeature.LZCNT,
        CpuidFeature.RDRAND, CpuidFeature.RDSEED, CpuidFeature.MOVDIRI, CpuidFeature.MOVDIR64B, CpuidFeature.VAES, CpuidFeature.VPCLMULQDQ,
        CpuidFeature.GFNI, CpuidFeature.PREFETCHW,
    ];

    private static readonly CpuidFeature[] s_base = [CpuidFeature.MMX, CpuidFeature.X64, CpuidFeature.INTEL386, CpuidFeature.INTEL8086];

    /// <summary>All that the families must serve; MMX moves and MXCSR belong to others.</summary>
    public static IReadOnlyList<Code> Required { get; } =
    [
        .. Enum.GetValues<Code>().Where(c => c.Encoding() != EncodingKind.EVEX && c.CpuidFeatures().Any(s_features.Contains)
            && c.CpuidFeatures().All(f => s_features.Contains(f) || s_base.Contains(f)) && !IsOfOtherFamily(c)),
    ];

    /// <summary>What can be compared on this host, one for one.</summary>
    public static IReadOnlyList<Code> All { get; } = [.. Required.Where(c => IsOnHost(c) && HasHandler(c) && IsComparable(c))];

    /// <summary>Whether the interpreter has a handler.</summary>
    public static bool HasHandler(Code code) => s_table.Find(code, false) != null || s_table.Find(code, true) != null;

    public static bool HasImmediate(Code code)
    {
        var info = code.ToOpCode();
        return Enumerable.Range(0, info.OpCount).Any(i => info.GetOpKind(i) == OpCodeOperandKind.imm8);
    }

    public static bool UsesMmx(Code code)
    {
        var info = code.ToOpCode();
        return Enumerable.Range(0, info.OpCount).Any(i => info.GetOpKind(i).ToString().StartsWith("mm_", StringComparison.Ordinal));
    }

    /// <summary>RFLAGS bits that the manuals leave undefined.</summary>
    public static ulong UndefinedFlags(Code code)
    {
        const ulong cf = 1, pf = 4, af = 16, zf = 64, sf = 128, of = 0x800;
        return code.Mnemonic() switch
        {
            Mnemonic.Tzcnt or Mnemonic.Lzcnt => of | sf | pf | af,
            Mnemonic.Bextr => sf | pf | af,
            Mnemonic.Andn or Mnemonic.Blsi or Mnemonic.Blsr or Mnemonic.Blsmsk or Mnemonic.Bzhi => pf | af,
            Mnemonic.Rdrand or Mnemonic.Rdseed => cf & zf,
            _ => 0,
        };
    }

    /// <summary>Changes random operands where an instruction would otherwise leave the test's memory.</summary>
    public static void Restrict(Code code, ref VectorState state)
    {
        var name = code.ToString();
        if (name.Contains("gather", StringComparison.Ordinal))
        {
            var isQuadword = name.Contains("gatherq", StringComparison.Ordinal);
            for (var i = 0; i < 4; i++)
            {
                ref var word = ref state.Vectors[4 * 9 + i];
                word = isQuadword ? word & 15 : word & 0xF_0000_000F;
            }
        }
        if (code.Mnemonic() == Mnemonic.Maskmovdqu || code.Mnemonic() == Mnemonic.Vmaskmovdqu)
            state.General[7] = 0;
    }

    private static bool IsOfOtherFamily(Code code)
    {
        if (code.Mnemonic() is Mnemonic.Movq2dq or Mnemonic.Movdq2q or Mnemonic.Ldmxcsr or Mnemonic.Stmxcsr or Mnemonic.Vldmxcsr or Mnemonic.Vstmxcsr)
            return true;
        var info = code.ToOpCode();
        var kinds = Enumerable.Range(0, info.OpCount).Select(i => info.GetOpKind(i).ToString()).ToArray();
        return kinds.Any(k => k.StartsWith("mm_", StringComparison.Ordinal)) && !kinds.Any(k => k.StartsWith("xmm", StringComparison.Ordinal));
    }

    private static bool IsComparable(Code code) => code.Mnemonic()
        is not (Mnemonic.Rdrand or Mnemonic.Rdseed or Mnemonic.Movdir64b or Mnemonic.Movdiri)
        && !code.ToString().StartsWith("Prefetchreserved", StringComparison.Ordinal);

    private static bool IsOnHost(Code code) => code.CpuidFeatures().All(f => f switch
    {
        CpuidFeature.SSE4A => (X86Base.CpuId(unchecked((int)0x8000_0001), 0).Ecx >> 6 & 1) != 0,
        CpuidFeature.SHA => (X86Base.CpuId(7, 0).Ebx >> 29 & 1) != 0,
        CpuidFeature.ADX => (X86Base.CpuId(7, 0).Ebx >> 19 & 1) != 0,
        CpuidFeature.F16C => (X86Base.CpuId(1, 0).Ecx >> 29 & 1) != 0,
        CpuidFeature.VAES => (X86Base.CpuId(7, 0).Ecx >> 9 & 1) != 0,
        CpuidFeature.VPCLMULQDQ => (X86Base.CpuId(7, 0).Ecx >> 10 & 1) != 0,
        CpuidFeature.GFNI => (X86Base.CpuId(7, 0).Ecx >> 8 & 1) != 0,
        CpuidFeature.AVX2 => Avx2.IsSupported,
        CpuidFeature.FMA => Fma.IsSupported,
        CpuidFeature.AES => Aes.IsSupported,
        CpuidFeature.PCLMULQDQ => Pclmulqdq.IsSupported,
        CpuidFeature.BMI2 => Bmi2.IsSupported,
        _ => Avx.IsSupported,
    });
}
