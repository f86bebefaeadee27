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
    /// <summary>The host's flags are the guest's at this point; otherwise the recipe makes them.</summary>
    private bool _flagsIntact = true;

    /// <summary>The instruction being translated changes what the recipe needs.</summary>
    private bool _instructionKillsRecipe;

    /// <summary>Before an instruction is emitted: sees to the flags if their recipe is about to be lost.</summary>
    private void PrepareFlags(in GuestInstruction instruction, bool isLast)
    {
        _instructionKillsRecipe = false;
        if (!_recipe.Exists)
            return;
        var overwrites = instruction.Changes == StatusFlags.All && instruction.Reads == RflagsBits.None;
        var changesSome = instruction.Changes != RflagsBits.None && !overwrites;
        // A memory operand is checked before the instruction's own effect, which may come too late for the recipe.
        _instructionKillsRecipe = !overwrites && (changesSome || (_recipe.Sources & WrittenBy(instruction)) != 0);
        var leaves = isLast || instruction.Kind == InstructionKind.Interpret || instruction.Reads != RflagsBits.None;
        if (!_flagsIntact && (_instructionKillsRecipe || leaves))
            EmitRecipe();
    }

    /// <summary>After an instruction has been emitted.</summary>
    private void UpdateRecipe(in GuestInstruction instruction)
    {
        if (instruction.Changes == RflagsBits.None)
        {
            if (_recipe.Exists)
                _recipe = _recipe.Survive(WrittenBy(instruction));
            return;
        }
        _flagsIntact = true;
        _recipe = instruction.Changes == StatusFlags.All && instruction.Kind == InstructionKind.Plain ? FlagRecipe.After(instruction.Iced) : FlagRecipe.None;
    }

    /// <summary>The general registers that an instruction may change, one bit each.</summary>
    private uint WrittenBy(in GuestInstruction instruction)
    {
        uint written = 0;
        foreach (var used in _usage.GetInfo(instruction.Iced).GetUsedRegisters())
        {
            if (used.Access is OpAccess.Write or OpAccess.CondWrite or OpAccess.ReadWrite or OpAccess.ReadCondWrite && used.Register.IsGPR())
                written |= 1u << used.Register.GetFullRegister().GetNumber();
        }
        return written;
    }

    private void EmitRecipe()
    {
        EmitRecipe(_recipe);
        _flagsIntact = true;
    }

    /// <summary>Makes flags again. R14 and R15 are lost, nothing else.</summary>
    private void EmitRecipe(in FlagRecipe recipe)
    {
        if (!recipe.Exists)
            return;
        if (recipe.Kind == FlagRecipeKind.Saved)
        {
            _code.Push(Address.Area(Area.SavedFlags));
            _code.PopFlags();
            return;
        }
        var instruction = recipe.Instruction;
        var result = Fetch(instruction.Op0Register.GetFullRegister().GetNumber(), HostRegister.R15);
        if (recipe.Kind == FlagRecipeKind.TestResult)
        {
            var name = GuestRegisters.Name(result, instruction.Op0Register);
            var code = instruction.Op0Register.IsGPR64() ? Code.Test_rm64_r64 : instruction.Op0Register.IsGPR32() ? Code.Test_rm32_r32
                : instruction.Op0Register.IsGPR16() ? Code.Test_rm16_r16 : Code.Test_rm8_r8;
            _encoder.Emit(Instruction.Create(code, name, name));
            return;
        }
        var other = HostRegister.None;
        if (instruction.Op1Kind == OpKind.Register)
        {
            other = Fetch(instruction.Op1Register.GetFullRegister().GetNumber(), HostRegister.R14);
            instruction.Op1Register = GuestRegisters.Name(other, instruction.Op1Register);
        }
        if (recipe.Kind != FlagRecipeKind.Repeat)
        {
            _code.Move(HostRegister.R15, result);
            result = HostRegister.R15;
            var undo = recipe.Kind == FlagRecipeKind.UndoAdd ? Alu.Subtract : Alu.Add;
            if (other != HostRegister.None)
                _code.Do(undo, result, other);
            else
                _code.Do(undo, result, unchecked((int)instruction.GetImmediate(1)));
        }
        instruction.Op0Register = GuestRegisters.Name(result, instruction.Op0Register);
        _encoder.Emit(instruction);
    }
}
