using Iced.Intel;
using Ringmaster.Cpu.Translator.Emission;
using Ringmaster.Cpu.Translator.Execution;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>
/// The guest's flags. They are in the host's, but a cheap address check destroys those; it may where a recipe tells how to make
/// them again. Wherever the guest could see them (an exception, a way out, the next block) they are made again first.
/// </summary>
internal sealed partial class RegionTranslator
{
    /// <summary>How the flags can be made again at this point.</summary>
    private FlagRecipe _recipe;

    /// <summary>The host's flags are the guest's at this point; otherwise the recipe makes them.</summary>
    private bool _flagsIntact = true;

    /// <summary>The instruction being translated changes what the recipe needs.</summary>
    private bool _instructionKillsRecipe;

    /// <summary>An address check may destroy the flags: whoever needs them can make them again.</summary>
    private bool MayDestroyFlags => _recipe.Exists && !_instructionKillsRecipe;

    /// <summary>Before an instruction is emitted: sees to the flags if their recipe is about to be lost, or if it needs them.</summary>
    private void PrepareFlags(in GuestInstruction instruction, bool isLast)
    {
        // A memory operand is checked before the instruction's own effect, which may come too late for the recipe.
        _instructionKillsRecipe = instruction.Kills(_recipe);
        var leaves = (isLast && instruction.Iced.FlowControl != FlowControl.Next) || instruction.Kind == InstructionKind.Interpret || instruction.Reads != RflagsBits.None;
        if (!_flagsIntact && (_instructionKillsRecipe || leaves))
            EmitRecipe(HostRegister.Rcx);
    }

    /// <summary>After an instruction has been emitted.</summary>
    private void FollowFlags(in GuestInstruction instruction)
    {
        if (instruction.Changes != RflagsBits.None)
            _flagsIntact = true;
        _recipe = instruction.RecipeAfter(_recipe);
    }

    /// <summary>Makes the flags again, now.</summary>
    /// <param name="scratch">A register that may be lost.</param>
    /// <param name="keep">One that must not.</param>
    private void EmitRecipe(HostRegister scratch, HostRegister keep = HostRegister.None)
    {
        EmitRecipe(_recipe, scratch, keep);
        _flagsIntact = true;
    }

    private void EmitRecipe(in FlagRecipe recipe, HostRegister scratch, HostRegister keep = HostRegister.None)
    {
        switch (recipe.Kind)
        {
            case FlagRecipeKind.None:
                return;
            case FlagRecipeKind.Saved:
                _code.Push(Address.Area(Area.SavedFlags));
                _code.PopFlags();
                return;
        }
        var instruction = recipe.Instruction;
        var result = Fetch(NumberOf(instruction.Op0Register), scratch);
        if (result == scratch || recipe.Kind is FlagRecipeKind.UndoAdd or FlagRecipeKind.UndoSubtract)
            Release(scratch);
        if (recipe.Kind == FlagRecipeKind.TestResult)
        {
            var name = GuestRegisters.Name(result, instruction.Op0Register);
            _encoder.Emit(Instruction.Create(TestOf(instruction.Op0Register), name, name));
            return;
        }
        var other = HostRegister.None;
        if (instruction.Op1Kind == OpKind.Register)
        {
            var second = HostRegister.R14 == scratch || HostRegister.R14 == keep ? HostRegister.R15 : HostRegister.R14;
            var isSame = NumberOf(instruction.Op1Register) == NumberOf(instruction.Op0Register);
            other = isSame ? result : Fetch(NumberOf(instruction.Op1Register), second);
            if (other == second)
                Release(second);
            instruction.Op1Register = GuestRegisters.Name(other, instruction.Op1Register);
        }
        if (recipe.Kind != FlagRecipeKind.Repeat)
        {
            _code.Move(scratch, result);
            result = scratch;
            var undo = recipe.Kind == FlagRecipeKind.UndoAdd ? Alu.Subtract : Alu.Add;
            if (other != HostRegister.None)
                _code.Do(undo, result, other);
            else
                _code.Do(undo, result, unchecked((int)instruction.GetImmediate(1)));
        }
        instruction.Op0Register = GuestRegisters.Name(result, instruction.Op0Register);
        _encoder.Emit(instruction);
    }

    private static int NumberOf(Register register) => register.GetFullRegister().GetNumber();

    private static Code TestOf(Register register) => register.IsGPR64() ? Code.Test_rm64_r64 : register.IsGPR32() ? Code.Test_rm32_r32
        : register.IsGPR16() ? Code.Test_rm16_r16 : Code.Test_rm8_r8;
}
