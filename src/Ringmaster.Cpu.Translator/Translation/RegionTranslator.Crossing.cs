using Iced.Intel;
using Ringmaster.Cpu.Translator.Cache;
using Ringmaster.Cpu.Translator.Emission;
using Ringmaster.Cpu.Translator.Execution;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>
/// The instruction that crosses into the next page. It is translated like any other, behind a look at whether that page is still
/// known to be mapped as it was; if not, the interpreter takes what is there now.
/// </summary>
internal sealed partial class RegionTranslator
{
    /// <summary>Emits the look before a crossing instruction, the last of its block.</summary>
    /// <returns>Where its block goes on once the interpreter has carried it out.</returns>
    private HostLabel EmitGuard(in GuestInstruction instruction)
    {
        if (!_flagsIntact)
            EmitRecipe(HostRegister.Rcx);
        ForgetGroups();
        HostLabel start = _code.NewLabel(), behind = _code.NewLabel();
        _code.Load32(HostRegister.Rcx, Address.Area(Area.PageCheckTable + _plan.Following!.Value.Check * sizeof(uint)));
        _relocations.Add(new Relocation(_code.Length - sizeof(int), RelocationKind.FollowingCheck));
        _code.JumpFarIfRcxZero(start);
        _cold.Add(new ColdPart(ColdPartKind.Crossing, start, RipOf(instruction))
        {
            Back = behind,
            Uncounted = _uncounted,
            Next = instruction.Iced.FlowControl == FlowControl.Next ? instruction.Iced.NextIP : 0,
        });
        return behind;
    }

    private void EmitCrossing(in ColdPart part)
    {
        if (part.Next == 0)
        {
            EmitExit(ExitKind.Interpret, part.Rip, checksFollowing: true);
            return;
        }
        EmitInPlaceCall(new ExitPoint(ExitKind.InPlace, OffsetOf(part.Rip))
        {
            Uncounted = part.Uncounted,
            CountsItself = _counts,
            Next = (int)OffsetOf(part.Next),
            ChecksFollowing = true,
        });
        EmitVectorsBack();
        _code.Jump(part.Back);
    }
}
