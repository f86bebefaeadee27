using Iced.Intel;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>Which memory operands must be aligned to their size.</summary>
internal static class Alignment
{
    /// <summary>Whether an instruction raises #GP for a misaligned operand (SDM 1 table 15-6, SDM 2A CMPXCHG16B; APM 1 4.2.2).</summary>
    public static bool Demands(in Instruction instruction)
    {
        if (instruction.MemorySize.GetSize() < 16)
            return false;
        return instruction.Mnemonic switch
        {
            Mnemonic.Movups or Mnemonic.Movupd or Mnemonic.Movdqu or Mnemonic.Lddqu or Mnemonic.Pcmpestri or Mnemonic.Pcmpestrm
                or Mnemonic.Pcmpistri or Mnemonic.Pcmpistrm or Mnemonic.Pcmpestri64 or Mnemonic.Pcmpestrm64 => false,
            Mnemonic.Vmovaps or Mnemonic.Vmovapd or Mnemonic.Vmovdqa or Mnemonic.Vmovntps or Mnemonic.Vmovntpd or Mnemonic.Vmovntdq
                or Mnemonic.Vmovntdqa => true,
            _ => instruction.Encoding == EncodingKind.Legacy,
        };
    }
}
