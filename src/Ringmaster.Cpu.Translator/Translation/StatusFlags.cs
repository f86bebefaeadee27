using Iced.Intel;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>The six arithmetic flags, as far as instructions read and change them.</summary>
internal static class StatusFlags
{
    /// <summary>All six.</summary>
    public const RflagsBits All = RflagsBits.OF | RflagsBits.SF | RflagsBits.ZF | RflagsBits.AF | RflagsBits.CF | RflagsBits.PF;

    /// <summary>The flags that an instruction reads, or may leave as they are.</summary>
    public static RflagsBits ReadBy(in Instruction instruction) =>
        (instruction.RflagsRead | (MayKeepAll(instruction) ? instruction.RflagsModified : RflagsBits.None)) & All;

    /// <summary>The flags that an instruction may change.</summary>
    public static RflagsBits ChangedBy(in Instruction instruction) => instruction.RflagsModified & All;

    /// <summary>Shifts and rotations by a count of zero change no flag (SDM 2B SAL, ROL).</summary>
    private static bool MayKeepAll(in Instruction instruction)
    {
        if (instruction.Mnemonic is not (Mnemonic.Shl or Mnemonic.Sal or Mnemonic.Shr or Mnemonic.Sar or Mnemonic.Rol or Mnemonic.Ror
            or Mnemonic.Rcl or Mnemonic.Rcr or Mnemonic.Shld or Mnemonic.Shrd))
            return false;
        var count = instruction.OpCount - 1;
        return instruction.GetOpKind(count) != OpKind.Immediate8 || (instruction.Immediate8 & 31) == 0;
    }
}
