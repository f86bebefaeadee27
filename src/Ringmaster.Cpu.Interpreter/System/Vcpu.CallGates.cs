using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Far JMP and CALL to gates and tasks (SDM 3A 5.8.3 to 5.8.5).</summary>
internal unsafe partial class Vcpu
{
    private bool JumpThroughSystemDescriptor(ushort selector, Descriptor descriptor, ulong next)
    {
        if (IsTaskOrTaskGate(descriptor))
            return TransferToTask(selector, descriptor, TaskSwitchKind.Jump, next);
        if (!CheckCallGate(selector, ref descriptor, out var code))
            return false;
        var rights = code.Attributes;
        // A JMP cannot change the privilege level.
        if (!rights.IsConforming && rights.PrivilegeLevel != Cpl)
            return FailSelector(Vector.GeneralProtection, descriptor.GateSelector);
        return CheckPresent(descriptor.GateSelector, code) && EnterDirect(descriptor.GateSelector, code, descriptor.GateOffset);
    }

    private bool CallThroughSystemDescriptor(ushort selector, Descriptor descriptor, ulong next)
    {
        if (IsTaskOrTaskGate(descriptor))
            return TransferToTask(selector, descriptor, TaskSwitchKind.Call, next);
        if (!CheckCallGate(selector, ref descriptor, out var code) || !CheckPresent(descriptor.GateSelector, code))
            return false;
        var size = IsLongMode ? 8 : (descriptor.Type & 8) != 0 ? 4 : 2;
        if (!code.Attributes.IsConforming && code.PrivilegeLevel < Cpl)
            return CallInward(descriptor, code, size, next);

        var stack = CurrentStack;
        if (!CheckOffset(code, descriptor.GateOffset)
            || !PushAll(ref stack, size, [Segments[SegmentIndex.Cs].Selector, next])
            || !EnterDirect(descriptor.GateSelector, code, descriptor.GateOffset))
            return false;
        SetStackPointer(stack.Pointer);
        return true;
    }

    /// <summary>Checks a call gate and the code segment behind it, but for presence of the latter.</summary>
    private bool CheckCallGate(ushort selector, ref Descriptor gate, out Descriptor code)
    {
        code = default;
        var isGate = gate.Type == DescriptorType.CallGate || (gate.Type == DescriptorType.CallGate16 && !IsLongMode);
        if (!isGate || gate.PrivilegeLevel < Cpl || gate.PrivilegeLevel < (selector & 3))
            return FailSelector(Vector.GeneralProtection, selector);
        if (!ReadUpperHalf(selector, Vector.GeneralProtection, ref gate))
            return false;
        if (!gate.IsPresent)
            return FailSelector(Vector.SegmentNotPresent, selector);
        if (IsNull(gate.GateSelector))
            return Fail(Vector.GeneralProtection, 0);
        if (!ReadDescriptor(gate.GateSelector, Vector.GeneralProtection, out code))
            return false;
        var rights = code.Attributes;
        // A long-mode gate leads to 64-bit code only.
        if (!rights.IsCode || rights.PrivilegeLevel > Cpl || (IsLongMode && (!rights.IsLong || rights.IsBig)))
            return FailSelector(Vector.GeneralProtection, gate.GateSelector);
        return true;
    }

    private bool CheckPresent(ushort selector, in Descriptor code) =>
        code.IsPresent || FailSelector(Vector.SegmentNotPresent, selector);

    private bool CallInward(in Descriptor gate, Descriptor code, int size, ulong next)
    {
        var level = code.PrivilegeLevel;
        var old = CurrentStack;
        var count = IsLongMode ? 0 : gate.ParameterCount;
        StackCursor stack;
        if (IsLongMode)
        {
            if (!ReadLongStack(FirstPrivilegeStack + (uint)level * 8, out var pointer))
                return false;
            stack = new StackCursor(NullStack((ushort)level, level), pointer, true, MmuModeAt(level), 0);
        }
        else
        {
            if (!ReadInnerStack(level, out var selector, out var pointer) || !CheckInnerStack(selector, level, out var segment))
                return false;
            stack = new StackCursor(segment, pointer, false, MmuModeAt(level), selector);
        }
        if (!CheckOffset(code, gate.GateOffset) || !MarkAccessed(gate.GateSelector, ref code))
            return false;

        Span<ulong> frame = stackalloc ulong[4 + 31];
        frame[0] = Segments[SegmentIndex.Ss].Selector;
        frame[1] = R[4];
        // The parameter at the highest address goes first, so that the copy has the caller's order.
        var parameters = frame.Slice(2, count);
        if (!PopAll(ref old, size, parameters))
            return false;
        parameters.Reverse();
        frame[2 + count] = Segments[SegmentIndex.Cs].Selector;
        frame[3 + count] = next;
        if (!PushAll(ref stack, size, frame[..(4 + count)]))
            return false;

        Segments[SegmentIndex.Cs] = code.ToSegment((ushort)((gate.GateSelector & ~3) | level));
        Segments[SegmentIndex.Ss] = stack.Segment;
        Rip = gate.GateOffset;
        UpdateMode();
        SetStackPointer(stack.Pointer);
        return true;
    }
}
