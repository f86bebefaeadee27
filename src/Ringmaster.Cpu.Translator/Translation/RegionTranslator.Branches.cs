using Iced.Intel;
using Ringmaster.Cpu.Translator.Cache;
using Ringmaster.Cpu.Translator.Emission;
using Ringmaster.Cpu.Translator.Execution;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>
/// Branches. A direct one inside the region is a host branch; one that leaves goes through a cold part that can be linked to
/// its target. Every branch backwards looks whether the run loop wants control, so that it has it soon whatever the guest does.
/// </summary>
internal sealed partial class RegionTranslator
{
    private void EmitConditionalJump(GuestBlock block, int number, in GuestInstruction instruction)
    {
        var condition = ConditionOf(instruction.Iced.ConditionCode);
        var taken = block.Taken!.Value;
        var inside = block.TakenBlock;
        if (inside >= 0 && _plan.IsBackward(block, taken))
        {
            var past = _code.NewLabel();
            _code.JumpShort((Condition)((int)condition ^ 1), past);
            EmitPolledJump(_blocks[inside], taken);
            _code.Bind(past);
        }
        else
        {
            _code.Jump(condition, inside >= 0 ? _blocks[inside] : ColdBranch(block, taken));
        }
        EmitGoOn(number, block.Next!.Value);
    }

    private void EmitJump(GuestBlock block, int number)
    {
        var taken = block.Taken!.Value;
        var inside = block.TakenBlock;
        if (inside >= 0 && _plan.IsBackward(block, taken))
            EmitPolledJump(_blocks[inside], taken);
        else if (inside < 0)
            _code.Jump(ColdBranch(block, taken));
        else if (inside != number + 1)
            _code.Jump(_blocks[inside]);
    }

    /// <summary>Goes on at a place without a branch of the guest's.</summary>
    private void EmitGoOn(int number, ulong next)
    {
        var inside = _plan.Blocks[number].NextBlock;
        if (inside < 0)
            _code.Jump(ColdBranch(_plan.Blocks[number], next));
        else if (inside != number + 1)
            _code.Jump(_blocks[inside]);
    }

    /// <summary>Jumps, unless the run loop wants control. Leaves the flags alone.</summary>
    private void EmitPolledJump(HostLabel to, ulong target)
    {
        var wanted = _code.NewLabel();
        _code.Load32(HostRegister.Rcx, Address.Area(Area.Run));
        _code.JumpIfRcxZero(wanted);
        _code.Jump(to);
        _code.Bind(wanted);
        EmitExit(ExitKind.Poll, target);
    }

    private HostLabel ColdBranch(GuestBlock block, ulong target, bool isCall = false)
    {
        var label = _code.NewLabel();
        _cold.Add(new ColdPart(ColdPartKind.Branch, label, target)
        {
            IsBackward = _plan.IsBackward(block, target),
            IsCall = isCall,
            Inside = isCall ? block.TakenBlock : -1,
        });
        return label;
    }

    /// <summary>
    /// A branch to other code: a jump whose displacement leads to the exit behind it until it is linked. Into another page it
    /// first looks whether that page is still known to be mapped as it was when the link was made.
    /// </summary>
    private void EmitColdBranch(in ColdPart part)
    {
        HostLabel unknown = _code.NewLabel(), wanted = _code.NewLabel();
        var inside = part.Inside;
        var checkPlace = -1;
        if (inside < 0 && (part.Rip & ~0xFFFUL) != _plan.Page)
        {
            _code.Load32(HostRegister.Rcx, Address.Area(Area.PageCheckTable));
            checkPlace = _code.Length - 4;
            _code.JumpIfRcxZero(unknown);
        }
        if (part.IsBackward)
        {
            _code.Load32(HostRegister.Rcx, Address.Area(Area.Run));
            _code.JumpIfRcxZero(wanted);
        }
        if (part.IsCall)
            EmitDepthTest(wanted);
        if (inside >= 0)
        {
            _code.Jump(_blocks[inside]);
        }
        else
        {
            AlignLink();
            _code.Jump(unknown);
            var linkPlace = _code.Length - 4;
            _code.Bind(unknown);
            EmitExit(ExitKind.Branch, part.Rip, linkPlace, checkPlace);
        }
        if (!part.IsBackward && !part.IsCall)
            return;
        _code.Bind(wanted);
        EmitExit(ExitKind.Poll, part.Rip);
    }

    /// <summary>Sees to it that the displacement of the jump that follows does not straddle two cache lines: it is changed while others execute it.</summary>
    private void AlignLink()
    {
        while ((_code.Here + 1 & 63) > 60)
            _code.Byte(0x90);
    }

    private void EmitIndirectJump(in GuestInstruction instruction, int number)
    {
        LoadTarget(instruction, number);
        EmitFindTarget(RipOf(instruction));
        _code.Jump(Address.Area(Area.JumpHosts(_context), HostRegister.R15, 3));
    }

    /// <summary>RCX: the RIP that an indirect jump or call leads to.</summary>
    private void LoadTarget(in GuestInstruction instruction, int number)
    {
        if (instruction.Access is { } access)
            LoadStackWidth(HostRegister.Rcx, EmitAccess(instruction, number, access));
        else
            _code.Move(HostRegister.Rcx, Fetch(NumberOf(instruction.Iced.Op0Register), HostRegister.Rcx));
    }

    /// <summary>
    /// Looks the target in RCX up in the jump cache and leaves its index in R15. Leaves for the interpreter if it is not there,
    /// or if the run loop wants control. R14 is lost; the flags are kept.
    /// </summary>
    private void EmitFindTarget(ulong rip, bool isCall = false, bool isReturn = false)
    {
        HostLabel hit = _code.NewLabel(), miss = _code.NewLabel(), unknown = _code.NewLabel();
        Release(HostRegister.R14);
        Release(HostRegister.R15);
        _code.ExtractBits(HostRegister.R15, HostRegister.Rcx, Address.Area(Area.JumpMask));
        _code.Load(HostRegister.R14, Address.Area(Area.JumpTags(_context), HostRegister.R15, 3));
        _code.Lea(HostRegister.Rcx, Address.At(HostRegister.Rcx, HostRegister.R14));
        _code.JumpIfRcxZero(hit);
        _code.Bind(miss);
        _code.Jump(unknown);
        _code.Bind(hit);
        _code.Load32(HostRegister.Rcx, Address.Area(Area.Run));
        _code.JumpIfRcxZero(miss);
        if (isCall)
            EmitDepthTest(miss);
        _cold.Add(new ColdPart(ColdPartKind.UnknownTarget, unknown, rip) { Uncounted = _uncounted, IsReturn = isReturn });
    }

    private static Condition ConditionOf(ConditionCode code) => code switch
    {
        ConditionCode.o => Condition.Overflow,
        ConditionCode.no => Condition.NotOverflow,
        ConditionCode.b => Condition.Below,
        ConditionCode.ae => Condition.AboveOrEqual,
        ConditionCode.e => Condition.Equal,
        ConditionCode.ne => Condition.NotEqual,
        ConditionCode.be => Condition.BelowOrEqual,
        ConditionCode.a => Condition.Above,
        ConditionCode.s => Condition.Sign,
        ConditionCode.ns => Condition.NotSign,
        ConditionCode.p => Condition.Parity,
        ConditionCode.np => Condition.NotParity,
        ConditionCode.l => Condition.Less,
        ConditionCode.ge => Condition.GreaterOrEqual,
        ConditionCode.le => Condition.LessOrEqual,
        _ => Condition.Greater,
    };
}
