using Iced.Intel;
using Ringmaster.Cpu.Translator.Emission;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>
/// How the flags that the guest has at a point can be made again from its registers. It lets an address check destroy them: what
/// needs them after all makes them anew.
/// </summary>
/// <param name="Kind">What to do.</param>
/// <param name="Instruction">The instruction that set them; its operands are registers and constants.</param>
/// <param name="Sources">The registers that it depends on, one bit each, by number.</param>
internal readonly record struct FlagRecipe(FlagRecipeKind Kind, Instruction Instruction, uint Sources)
{
    /// <summary>There is none.</summary>
    public static FlagRecipe None => default;

    /// <summary>The flags have been saved in the area.</summary>
    public static FlagRecipe Saved => new(FlagRecipeKind.Saved, default, 0);

    /// <summary>There is one.</summary>
    public bool Exists => Kind != FlagRecipeKind.None;

    /// <summary>What making the flags of an instruction again takes, when it has just been executed.</summary>
    public static FlagRecipe After(in Instruction instruction)
    {
        if (instruction.OpCount != 2 || instruction.Op0Kind != OpKind.Register || !instruction.Op0Register.IsGPR())
            return None;
        var isRegister = instruction.Op1Kind == OpKind.Register;
        if (!isRegister && instruction.Op1Kind == OpKind.Memory)
            return After(instruction, fromMemory: true);
        if (isRegister && !instruction.Op1Register.IsGPR())
            return None;
        if (GuestRegisters.IsHighByte(instruction.Op0Register) || (isRegister && GuestRegisters.IsHighByte(instruction.Op1Register)))
            return None;
        var sources = Bit(instruction.Op0Register) | (isRegister ? Bit(instruction.Op1Register) : 0);
        return instruction.Mnemonic switch
        {
            Mnemonic.Cmp or Mnemonic.Test => new(FlagRecipeKind.Repeat, instruction, sources),
            Mnemonic.And or Mnemonic.Or or Mnemonic.Xor => new(FlagRecipeKind.TestResult, instruction, Bit(instruction.Op0Register)),
            Mnemonic.Add or Mnemonic.Sub when isRegister && instruction.Op0Register.GetFullRegister() == instruction.Op1Register.GetFullRegister() => None,
            Mnemonic.Add => new(FlagRecipeKind.UndoAdd, instruction, sources),
            Mnemonic.Sub => new(FlagRecipeKind.UndoSubtract, instruction, sources),
            _ => None,
        };
    }

    /// <summary>The recipe that is left after an instruction that changes no flags.</summary>
    /// <param name="written">The general registers that it changes, one bit each.</param>
    public FlagRecipe Survive(uint written) => (Sources & written) == 0 ? this : None;

    private static FlagRecipe After(in Instruction instruction, bool fromMemory) =>
        // The memory operand is gone, but logic leaves all that counts in the result.
        fromMemory && instruction.Mnemonic is Mnemonic.And or Mnemonic.Or or Mnemonic.Xor && !GuestRegisters.IsHighByte(instruction.Op0Register)
            ? new(FlagRecipeKind.TestResult, instruction, Bit(instruction.Op0Register)) : None;

    private static uint Bit(Register register) => 1u << register.GetFullRegister().GetNumber();
}
