using Iced.Intel;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>Encodings that 64-bit code has too and that take any register, for those that do not.</summary>
internal static class HostForm
{
    /// <summary>The form that does the same in 64-bit code with operands of any kind.</summary>
    public static Code Of(Code code) => code switch
    {
        Code.Inc_r16 => Code.Inc_rm16,
        Code.Inc_r32 => Code.Inc_rm32,
        Code.Dec_r16 => Code.Dec_rm16,
        Code.Dec_r32 => Code.Dec_rm32,
        Code.Mov_AL_moffs8 => Code.Mov_r8_rm8,
        Code.Mov_AX_moffs16 => Code.Mov_r16_rm16,
        Code.Mov_EAX_moffs32 => Code.Mov_r32_rm32,
        Code.Mov_RAX_moffs64 => Code.Mov_r64_rm64,
        Code.Mov_moffs8_AL => Code.Mov_rm8_r8,
        Code.Mov_moffs16_AX => Code.Mov_rm16_r16,
        Code.Mov_moffs32_EAX => Code.Mov_rm32_r32,
        Code.Mov_moffs64_RAX => Code.Mov_rm64_r64,
        // Group 1 with opcode 82 is invalid in 64-bit code; 80 does the same.
        >= Code.Add_rm8_imm8_82 and <= Code.Cmp_rm8_imm8_82 => Code.Add_rm8_imm8 + (code - Code.Add_rm8_imm8_82),
        Code.Add_AL_imm8 => Code.Add_rm8_imm8,
        Code.Add_AX_imm16 => Code.Add_rm16_imm16,
        Code.Add_EAX_imm32 => Code.Add_rm32_imm32,
        Code.Add_RAX_imm32 => Code.Add_rm64_imm32,
        Code.Sub_AL_imm8 => Code.Sub_rm8_imm8,
        Code.Sub_AX_imm16 => Code.Sub_rm16_imm16,
        Code.Sub_EAX_imm32 => Code.Sub_rm32_imm32,
        Code.Sub_RAX_imm32 => Code.Sub_rm64_imm32,
        _ => code,
    };
}
