using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Far JMP and CALL (SDM 2A CALL, JMP; SDM 3A 5.8).</summary>
internal unsafe partial class Vcpu
{
    /// <summary>Far JMP.</summary>
    /// <param name="selector">The target's selector: of a code segment, a call gate, a task gate or a TSS.</param>
    /// <param name="offset">The target's offset, used with a code segment only.</param>
    /// <param name="next">RIP of the next instruction, for task switches.</param>
    internal Status FarJump(ushort selector, ulong offset, ulong next)
    {
        if (!IsProtectedNotVirtual)
            return StatusOf(EnterRealCode(selector, offset));
        if (IsNull(selector))
            return RaiseGeneralProtection();
        if (!ReadDescriptor(selector, Vector.GeneralProtection, out var descriptor))
            return FaultOrExit;
        if (descriptor.IsSystem)
            return StatusOf(JumpThroughSystemDescriptor(selector, descriptor, next));
        return StatusOf(CheckDirectTarget(selector, descriptor) && EnterDirect(selector, descriptor, offset));
    }

    /// <summary>Far CALL.</summary>
    /// <param name="selector">The target's selector.</param>
    /// <param name="offset">The target's offset, used with a code segment only.</param>
    /// <param name="size">Operand size in bytes: that of the pushed return address.</param>
    /// <param name="next">RIP of the next instruction.</param>
    internal Status FarCall(ushort selector, ulong offset, int size, ulong next)
    {
        var stack = CurrentStack;
        ReadOnlySpan<ulong> returnAddress = [Segments[SegmentIndex.Cs].Selector, next];
        if (!IsProtectedNotVirtual)
        {
            // The limit comes first: a push that has been made cannot be taken back.
            if (offset > Segments[SegmentIndex.Cs].Limit)
                return RaiseGeneralProtection();
            if (!PushAll(ref stack, size, returnAddress) || !EnterRealCode(selector, offset))
                return FaultOrExit;
            SetStackPointer(stack.Pointer);
            return Status.Branch;
        }
        if (IsNull(selector))
            return RaiseGeneralProtection();
        if (!ReadDescriptor(selector, Vector.GeneralProtection, out var descriptor))
            return FaultOrExit;
        if (descriptor.IsSystem)
            return StatusOf(CallThroughSystemDescriptor(selector, descriptor, next));
        if (!CheckDirectTarget(selector, descriptor) || !CheckOffset(descriptor, offset)
            || !PushAll(ref stack, size, returnAddress) || !EnterDirect(selector, descriptor, offset))
            return FaultOrExit;
        SetStackPointer(stack.Pointer);
        return Status.Branch;
    }

    private bool EnterRealCode(ushort selector, ulong offset)
    {
        if (offset > Segments[SegmentIndex.Cs].Limit)
            return Fail(Vector.GeneralProtection, 0);
        Rip = offset;
        SetSegment(SegmentIndex.Cs, RealSegment(Segments[SegmentIndex.Cs], selector));
        return true;
    }

    /// <summary>Checks a code segment that a far JMP or CALL names itself.</summary>
    private bool CheckDirectTarget(ushort selector, in Descriptor code)
    {
        var rights = code.Attributes;
        var allowed = rights.IsCode && (rights.IsConforming
            ? rights.PrivilegeLevel <= Cpl
            : (selector & 3) <= Cpl && rights.PrivilegeLevel == Cpl);
        if (!allowed || (IsLongMode && rights is { IsLong: true, IsBig: true }))
            return FailSelector(Vector.GeneralProtection, selector);
        return rights.IsPresent || FailSelector(Vector.SegmentNotPresent, selector);
    }

    /// <summary>Checks that an offset lies in a code segment.</summary>
    private bool CheckOffset(in Descriptor code, ulong offset)
    {
        var inside = IsLongMode && code.Attributes.IsLong ? IsCanonical(offset) : offset <= code.Limit;
        return inside || Fail(Vector.GeneralProtection, 0);
    }

    /// <summary>Goes to checked code without a change of privilege.</summary>
    private bool EnterDirect(ushort selector, Descriptor code, ulong offset)
    {
        if (!CheckOffset(code, offset) || !MarkAccessed(selector, ref code))
            return false;
        Rip = offset;
        SetSegment(SegmentIndex.Cs, code.ToSegment((ushort)((selector & ~3) | Cpl)));
        return true;
    }
}
