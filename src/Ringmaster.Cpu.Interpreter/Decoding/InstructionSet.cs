using Iced.Intel;
using Ringmaster.Cpu.Models;

namespace Ringmaster.Cpu.Interpreter.Decoding;

/// <summary>Which instructions a CPU model has; all others raise #UD, as on a processor without them.</summary>
internal sealed class InstructionSet
{
    private readonly bool[] _codes;
    private readonly bool _isAmd;

    public InstructionSet(CpuidTable cpuid)
    {
        _isAmd = cpuid.IsAmd;
        HasLahfInLongMode = Bit(cpuid[0x8000_0001, 0].Ecx, 0);
        var codes = Enum.GetValues<Code>();
        _codes = new bool[codes.Length];
        var features = new Dictionary<CpuidFeature, bool>();
        foreach (var code in codes)
        {
            var has = true;
            foreach (var feature in code.CpuidFeatures())
            {
                if (!features.TryGetValue(feature, out var present))
                    features[feature] = present = IsPresent(feature, cpuid);
                has &= present;
            }
            _codes[(int)code] = has;
        }
    }

    /// <summary>
    /// How encodings are read whose meaning depends on the model: without BMI1 and LZCNT their prefix is ignored and BSF and
    /// BSR remain (SDM 2A TZCNT, LZCNT); hint encodings of features that no model has are NOPs. AMD and Intel differ in near
    /// branches with an operand-size prefix in 64-bit mode, in far pointers with REX.W and in UD0 (APM 3, SDM 2).
    /// </summary>
    public DecoderOptions DecoderOptions =>
        DecoderOptions.ForceReservedNop
        | (_isAmd ? DecoderOptions.AMD : 0)
        | (Has(Code.Tzcnt_r32_rm32) ? 0 : DecoderOptions.NoMPFX_0FBC)
        | (Has(Code.Lzcnt_r32_rm32) ? 0 : DecoderOptions.NoMPFX_0FBD)
        | (Has(Code.Wbnoinvd) ? 0 : DecoderOptions.NoWbnoinvd);

    /// <summary>Whether LAHF and SAHF are valid in 64-bit mode too.</summary>
    public bool HasLahfInLongMode { get; }

    /// <summary>Whether the model has an instruction.</summary>
    public bool Has(Code code) => _codes[(int)code];

    private static bool IsPresent(CpuidFeature feature, CpuidTable cpuid)
    {
        var one = cpuid[1, 0];
        var seven = cpuid[7, 0];
        var sevenOne = cpuid[7, 1];
        var xsave = cpuid[0xD, 1].Eax;
        var extended = cpuid[0x8000_0001, 0];
        return feature switch
        {
            CpuidFeature.INTEL8086 or CpuidFeature.INTEL8086_ONLY or CpuidFeature.INTEL186 or CpuidFeature.INTEL286
                or CpuidFeature.INTEL286_ONLY or CpuidFeature.INTEL386 or CpuidFeature.INTEL486 or CpuidFeature.CPUID
                or CpuidFeature.FPU or CpuidFeature.FPU287 or CpuidFeature.FPU387 or CpuidFeature.PAUSE or CpuidFeature.MULTIBYTENOP
                or CpuidFeature.RDPMC => true,
            CpuidFeature.TSC => Bit(one.Edx, 4),
            CpuidFeature.MSR => Bit(one.Edx, 5),
            CpuidFeature.CX8 => Bit(one.Edx, 8),
            CpuidFeature.SEP => Bit(one.Edx, 11),
            CpuidFeature.CMOV => Bit(one.Edx, 15),
            CpuidFeature.CLFSH => Bit(one.Edx, 19),
            CpuidFeature.MMX => Bit(one.Edx, 23),
            CpuidFeature.FXSR => Bit(one.Edx, 24),
            CpuidFeature.SSE => Bit(one.Edx, 25),
            CpuidFeature.SSE2 => Bit(one.Edx, 26),
            CpuidFeature.SSE3 => Bit(one.Ecx, 0),
            CpuidFeature.PCLMULQDQ => Bit(one.Ecx, 1),
            CpuidFeature.MONITOR => Bit(one.Ecx, 3),
            CpuidFeature.SSSE3 => Bit(one.Ecx, 9),
            CpuidFeature.FMA => Bit(one.Ecx, 12),
            CpuidFeature.CMPXCHG16B => Bit(one.Ecx, 13),
            CpuidFeature.SSE4_1 => Bit(one.Ecx, 19),
            CpuidFeature.SSE4_2 => Bit(one.Ecx, 20),
            CpuidFeature.MOVBE => Bit(one.Ecx, 22),
            CpuidFeature.POPCNT => Bit(one.Ecx, 23),
            CpuidFeature.AES => Bit(one.Ecx, 25),
            CpuidFeature.XSAVE => Bit(one.Ecx, 26),
            CpuidFeature.AVX => Bit(one.Ecx, 28),
            CpuidFeature.F16C => Bit(one.Ecx, 29),
            CpuidFeature.RDRAND => Bit(one.Ecx, 30),
            CpuidFeature.FSGSBASE => Bit(seven.Ebx, 0),
            CpuidFeature.BMI1 => Bit(seven.Ebx, 3),
            CpuidFeature.AVX2 => Bit(seven.Ebx, 5),
            CpuidFeature.SMAP => Bit(seven.Ebx, 20),
            CpuidFeature.BMI2 => Bit(seven.Ebx, 8),
            CpuidFeature.INVPCID => Bit(seven.Ebx, 10),
            CpuidFeature.RDSEED => Bit(seven.Ebx, 18),
            CpuidFeature.ADX => Bit(seven.Ebx, 19),
            CpuidFeature.CLFLUSHOPT => Bit(seven.Ebx, 23),
            CpuidFeature.CLWB => Bit(seven.Ebx, 24),
            CpuidFeature.SHA => Bit(seven.Ebx, 29),
            CpuidFeature.PKU => Bit(seven.Ecx, 3),
            CpuidFeature.VAES => Bit(seven.Ecx, 9),
            CpuidFeature.VPCLMULQDQ => Bit(seven.Ecx, 10),
            CpuidFeature.GFNI => Bit(seven.Ecx, 8),
            CpuidFeature.RDPID => Bit(seven.Ecx, 22),
            CpuidFeature.MOVDIRI => Bit(seven.Ecx, 27),
            CpuidFeature.MOVDIR64B => Bit(seven.Ecx, 28),
            CpuidFeature.SERIALIZE => Bit(seven.Edx, 14),
            CpuidFeature.AVX_VNNI => Bit(sevenOne.Eax, 4),
            CpuidFeature.XSAVEOPT => Bit(xsave, 0),
            CpuidFeature.XSAVEC => Bit(xsave, 1),
            CpuidFeature.XSAVES => Bit(xsave, 3),
            CpuidFeature.LZCNT => Bit(extended.Ecx, 5),
            CpuidFeature.SSE4A => Bit(extended.Ecx, 6),
            CpuidFeature.PREFETCHW => Bit(extended.Ecx, 8),
            CpuidFeature.XOP => false,
            CpuidFeature.SYSCALL => Bit(extended.Edx, 11),
            CpuidFeature.X64 => Bit(extended.Edx, 29),
            CpuidFeature.RDTSCP => Bit(extended.Edx, 27),
            CpuidFeature.WBNOINVD => Bit(cpuid[0x8000_0008, 0].Ebx, 9),
            CpuidFeature.CLZERO => Bit(cpuid[0x8000_0008, 0].Ebx, 0),
            CpuidFeature.MCOMMIT => false,
            _ => false,
        };
    }

    private static bool Bit(uint value, int bit) => (value >> bit & 1) != 0;
}
