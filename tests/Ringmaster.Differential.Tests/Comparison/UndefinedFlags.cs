using System.Collections.Frozen;
using Iced.Intel;

namespace Ringmaster.Differential.Tests.Comparison;

/// <summary>The flags that instructions leave undefined, each with the place that says so.</summary>
internal static class UndefinedFlags
{
    private static readonly Rule[] s_rules =
    [
        new("SDM 2A AND, 2B OR, TEST, 2D XOR: AF", StatusFlags.AF, Mnemonic.And, Mnemonic.Or, Mnemonic.Test, Mnemonic.Xor),
        new("SDM 2A IMUL, 2B MUL: SF, ZF, AF, PF", StatusFlags.SF | StatusFlags.ZF | StatusFlags.AF | StatusFlags.PF, Mnemonic.Mul, Mnemonic.Imul),
        new("SDM 2A DIV, IDIV: all", StatusFlags.All, Mnemonic.Div, Mnemonic.Idiv),
        new("SDM 2A BSF, BSR: CF, OF, SF, AF, PF", StatusFlags.All & ~StatusFlags.ZF, Mnemonic.Bsf, Mnemonic.Bsr),
        new("SDM 2A BT, BTC, BTR, BTS: OF, SF, AF, PF", StatusFlags.OF | StatusFlags.SF | StatusFlags.AF | StatusFlags.PF,
            Mnemonic.Bt, Mnemonic.Btc, Mnemonic.Btr, Mnemonic.Bts),
        new("SDM 2B SAL/SAR/SHL/SHR: AF; OF for counts other than 1; CF for counts of the operand's size and above",
            StatusFlags.AF | StatusFlags.OF | StatusFlags.CF, Mnemonic.Sal, Mnemonic.Sar, Mnemonic.Shl, Mnemonic.Shr),
        new("SDM 2B RCL/RCR/ROL/ROR: OF for counts other than 1", StatusFlags.OF, Mnemonic.Rcl, Mnemonic.Rcr, Mnemonic.Rol, Mnemonic.Ror),
        new("SDM 2B SHLD, SHRD: AF; OF for counts other than 1; all for counts above the operand's size", StatusFlags.All,
            Mnemonic.Shld, Mnemonic.Shrd),
        new("SDM 2A AAA, AAS: OF, SF, ZF, PF", StatusFlags.OF | StatusFlags.SF | StatusFlags.ZF | StatusFlags.PF, Mnemonic.Aaa, Mnemonic.Aas),
        new("SDM 2A AAD, AAM: OF, AF, CF", StatusFlags.OF | StatusFlags.AF | StatusFlags.CF, Mnemonic.Aad, Mnemonic.Aam),
        new("SDM 2A DAA, DAS: OF", StatusFlags.OF, Mnemonic.Daa, Mnemonic.Das),
        new("SDM 2A ANDN, BLSI, BLSMSK, BLSR, BZHI: AF, PF", StatusFlags.AF | StatusFlags.PF,
            Mnemonic.Andn, Mnemonic.Blsi, Mnemonic.Blsmsk, Mnemonic.Blsr, Mnemonic.Bzhi),
        new("SDM 2A BEXTR: AF, SF, PF", StatusFlags.AF | StatusFlags.SF | StatusFlags.PF, Mnemonic.Bextr),
        new("SDM 2A LZCNT, 2B TZCNT: OF, SF, PF, AF", StatusFlags.OF | StatusFlags.SF | StatusFlags.PF | StatusFlags.AF, Mnemonic.Lzcnt,
            Mnemonic.Tzcnt),
    ];

    private static readonly FrozenDictionary<Mnemonic, Rule> s_byMnemonic =
        s_rules.SelectMany(r => r.Mnemonics.Select(m => (m, r))).ToFrozenDictionary(p => p.m, p => p.r);

    /// <summary>All rules.</summary>
    public static IReadOnlyList<Rule> Rules => s_rules;

    /// <summary>What an instruction may leave undefined.</summary>
    public static StatusFlags Of(in Instruction instruction)
    {
        if (!s_byMnemonic.TryGetValue(instruction.Mnemonic, out var rule))
            return StatusFlags.None;
        return IsShift(instruction.Mnemonic) ? OfShift(instruction, rule.Flags) : rule.Flags;
    }

    /// <summary>Whether a shift may have a count of zero, which leaves all flags as they are.</summary>
    public static bool MayKeepFlags(in Instruction instruction) =>
        IsShift(instruction.Mnemonic) && (CountOf(instruction) is not { } count || count == 0);

    // Where the count is known, less is undefined.
    private static StatusFlags OfShift(in Instruction instruction, StatusFlags flags)
    {
        if (CountOf(instruction) is not { } count)
            return flags;
        if (count == 0)
            return StatusFlags.None;
        if (count == 1)
            flags &= ~StatusFlags.OF;
        if (count < SizeOf(instruction) * 8)
            flags &= ~StatusFlags.CF;
        return instruction.Mnemonic is Mnemonic.Shld or Mnemonic.Shrd && count <= SizeOf(instruction) * 8
            ? flags & (StatusFlags.AF | StatusFlags.OF) : flags;
    }

    /// <summary>Whether what is undefined depends on a count.</summary>
    public static bool IsShift(Mnemonic mnemonic) => mnemonic
        is Mnemonic.Sal or Mnemonic.Sar or Mnemonic.Shl or Mnemonic.Shr or Mnemonic.Rcl or Mnemonic.Rcr or Mnemonic.Rol or Mnemonic.Ror
        or Mnemonic.Shld or Mnemonic.Shrd;

    private static int SizeOf(in Instruction instruction) =>
        instruction.Op0Kind == OpKind.Register ? instruction.Op0Register.GetSize() : instruction.MemorySize.GetSize();

    private static int? CountOf(in Instruction instruction)
    {
        var last = instruction.OpCount - 1;
        return instruction.GetOpKind(last) == OpKind.Immediate8
            ? instruction.Immediate8 & (SizeOf(instruction) == 8 ? 63 : 31) : null;
    }

    /// <summary>Some mnemonics that leave the same flags undefined.</summary>
    internal sealed record Rule(string Source, StatusFlags Flags, params Mnemonic[] Mnemonics);
}
