using Iced.Intel;
using Ringmaster.Cpu.Translator.Emission;
using Ringmaster.Cpu.Translator.Execution;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>
/// DIV and IDIV. Quotients that do not fit raise #DE: the interpreter does that, after a check that lets only divisions through
/// whose quotient fits.
/// </summary>
internal sealed partial class RegionTranslator
{
    private void EmitDivide(in GuestInstruction instruction, int number)
    {
        var iced = instruction.Iced;
        var wide = iced.Code is Code.Div_rm64 or Code.Idiv_rm64;
        // The flags end undefined, but an exception shows those from before.
        var keep = !_recipe.Exists;
        if (instruction.Access is { } access)
        {
            var from = EmitAccess(instruction, number, access);
            Release(HostRegister.R14);
            if (wide)
                _code.Load(HostRegister.R14, from);
            else
                _code.Load32(HostRegister.R14, from);
        }
        else
        {
            Release(HostRegister.R14);
            var divisor = Fetch(NumberOf(iced.Op0Register), HostRegister.R14);
            if (wide)
                _code.Move(HostRegister.R14, divisor);
            else
                _code.Move32(HostRegister.R14, divisor);
        }
        if (keep)
        {
            _code.PushFlags();
            _code.Pop(Address.Area(Area.SavedFlags));
        }
        var unfit = _code.NewLabel();
        if (iced.Mnemonic == Mnemonic.Div)
        {
            // The quotient fits if the upper half is below the divisor; no half is below zero.
            if (wide)
                _code.Do(Alu.Compare, HostRegister.Rdx, HostRegister.R14);
            else
                _code.Do32(Alu.Compare, HostRegister.Rdx, HostRegister.R14);
            _code.Jump(Condition.AboveOrEqual, unfit);
        }
        else
        {
            EmitSignedCheck(wide, unfit);
        }
        iced.Op0Kind = OpKind.Register;
        iced.Op0Register = wide ? Register.R14 : Register.R14D;
        _encoder.Emit(iced);
        _cold.Add(new ColdPart(ColdPartKind.Unfit, unfit, RipOf(instruction)) { Recipe = keep ? FlagRecipe.Saved : _recipe, Uncounted = _uncounted });
    }

    /// <summary>
    /// Lets through what programs do: a dividend that was sign-extended, and a divisor that is neither 0 nor -1. The rest may
    /// fit or not.
    /// </summary>
    private void EmitSignedCheck(bool wide, HostLabel unfit)
    {
        if (wide)
        {
            _code.Lea(HostRegister.Rcx, Address.At(HostRegister.R14, 1));
            _code.Do(Alu.Compare, HostRegister.Rcx, 1);
            _code.Jump(Condition.BelowOrEqual, unfit);
            _code.Move(HostRegister.Rcx, HostRegister.Rax);
            _code.ShiftRightSigned(HostRegister.Rcx, 63, wide: true);
            _code.Do(Alu.Compare, HostRegister.Rcx, HostRegister.Rdx);
        }
        else
        {
            _code.Lea32(HostRegister.Rcx, Address.At(HostRegister.R14, 1));
            _code.Do(Alu.Compare, HostRegister.Rcx, 1, wide: false);
            _code.Jump(Condition.BelowOrEqual, unfit);
            _code.Move32(HostRegister.Rcx, HostRegister.Rax);
            _code.ShiftRightSigned(HostRegister.Rcx, 31, wide: false);
            _code.Do32(Alu.Compare, HostRegister.Rcx, HostRegister.Rdx);
        }
        _code.Jump(Condition.NotEqual, unfit);
    }
}
