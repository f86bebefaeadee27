using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Far RET, and what it shares with IRET (SDM 2B RET; SDM 3A 5.8.6).</summary>
internal unsafe partial class Vcpu
{
    /// <summary>Far RET.</summary>
    /// <param name="size">Operand size in bytes.</param>
    /// <param name="parameters">Bytes of parameters to drop from both stacks.</param>
    internal Status FarReturn(int size, int parameters)
    {
        var stack = CurrentStack;
        Span<ulong> frame = stackalloc ulong[2];
        if (!PopAll(ref stack, size, frame))
            return FaultOrExit;
        var selector = (ushort)frame[1];
        if (!IsProtectedNotVirtual)
        {
            if (!EnterRealCode(selector, frame[0]))
                return FaultOrExit;
            SetStackPointer(stack.Moved(parameters));
            return Status.Branch;
        }
        if (!CheckReturnTarget(selector, out var code))
            return FaultOrExit;
        stack.Pointer = stack.Moved(parameters);
        if ((selector & 3) == Cpl)
        {
            if (!CheckOffset(code, frame[0]) || !MarkAccessed(selector, ref code))
                return FaultOrExit;
            EnterReturn(selector, code, frame[0]);
            SetStackPointer(stack.Pointer);
            return Status.Branch;
        }
        Span<ulong> outer = stackalloc ulong[2];
        if (!PopAll(ref stack, size, outer) || !CheckOuterStack((ushort)outer[1], selector & 3, code, out var segment)
            || !CheckOffset(code, frame[0]) || !MarkAccessed(selector, ref code))
            return FaultOrExit;
        EnterOuter(selector, code, frame[0], segment);
        // The parameters lie on the outer stack as well.
        SetStackPointer(outer[0] + (ulong)parameters);
        return Status.Branch;
    }

    /// <summary>Checks the code segment that a return goes to.</summary>
    private bool CheckReturnTarget(ushort selector, out Descriptor code)
    {
        code = default;
        if (IsNull(selector))
            return Fail(Vector.GeneralProtection, 0);
        if (!ReadDescriptor(selector, Vector.GeneralProtection, out code))
            return false;
        var rights = code.Attributes;
        var level = selector & 3;
        var allowed = rights.IsCode && level >= Cpl
            && (rights.IsConforming ? rights.PrivilegeLevel <= level : rights.PrivilegeLevel == level);
        if (!allowed || (IsLongMode && rights is { IsLong: true, IsBig: true }))
            return FailSelector(Vector.GeneralProtection, selector);
        return CheckPresent(selector, code);
    }

    /// <summary>Checks the stack segment that a return to an outer level, or IRET in 64-bit mode, goes to.</summary>
    private bool CheckOuterStack(ushort selector, int level, in Descriptor code, out Segment segment)
    {
        segment = default;
        if (IsNull(selector))
        {
            segment = NullStack(selector, level);
            return (IsLongMode && code.Attributes.IsLong && level != 3 && (selector & 3) == level) || Fail(Vector.GeneralProtection, 0);
        }
        if (!ReadDescriptor(selector, Vector.GeneralProtection, out var descriptor))
            return false;
        var rights = descriptor.Attributes;
        if ((selector & 3) != level || !rights.IsWritable || rights.PrivilegeLevel != level)
            return FailSelector(Vector.GeneralProtection, selector);
        if (!rights.IsPresent)
            return FailSelector(Vector.StackFault, selector);
        if (!MarkAccessed(selector, ref descriptor))
            return false;
        segment = descriptor.ToSegment(selector);
        return true;
    }

    private void EnterReturn(ushort selector, in Descriptor code, ulong rip)
    {
        Rip = rip;
        SetSegment(SegmentIndex.Cs, code.ToSegment(selector));
    }

    private void EnterOuter(ushort selector, in Descriptor code, ulong rip, in Segment stack)
    {
        Rip = rip;
        Segments[SegmentIndex.Cs] = code.ToSegment(selector);
        Segments[SegmentIndex.Ss] = stack;
        UpdateMode();
        DropInnerSegments();
    }

    /// <summary>Makes data segments unusable that the outer level could not have loaded itself.</summary>
    private void DropInnerSegments()
    {
        foreach (var index in (ReadOnlySpan<int>)[SegmentIndex.Es, SegmentIndex.Ds, SegmentIndex.Fs, SegmentIndex.Gs])
        {
            var rights = Segments[index].Attributes;
            if (!rights.IsUnusable && !rights.IsConforming && rights.PrivilegeLevel < Cpl)
                SetSegment(index, NullData(index, 0));
        }
    }
}
