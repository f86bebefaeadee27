using Ringmaster.Cpu.Interpreter.Flags;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Delivery through the 32-bit interrupt descriptor table (SDM 3A 6.11, 6.12; SDM 2A INT n).</summary>
internal unsafe partial class Vcpu
{
    private const uint ClearedByGates = Rflags.Trap | Rflags.NestedTask | Rflags.Resume | Rflags.Virtual8086;

    private bool DeliverProtected(in Delivery delivery)
    {
        var entry = delivery.Vector * 8u;
        if (entry + 7 > Idtr.Limit)
            return Fail(Vector.GeneralProtection, delivery.GateError);
        if (!ReadSystem(Idtr.Base + entry, out ulong low))
            return false;
        var gate = new Descriptor(low, 0);
        var isGate = gate.IsSystem && gate.Type is DescriptorType.TaskGate or DescriptorType.InterruptGate16 or DescriptorType.TrapGate16
            or DescriptorType.InterruptGate or DescriptorType.TrapGate;
        if (!isGate || (delivery.IsSoftware && gate.PrivilegeLevel < Cpl))
            return Fail(Vector.GeneralProtection, delivery.GateError);
        if (!gate.IsPresent)
            return Fail(Vector.SegmentNotPresent, delivery.GateError);
        return gate.Type == DescriptorType.TaskGate ? DeliverToTask(gate.GateSelector, delivery) : DeliverThroughGate(gate, delivery);
    }

    private bool DeliverThroughGate(in Descriptor gate, in Delivery delivery)
    {
        if (!FindHandler(gate.GateSelector, out var code))
            return false;
        var level = code.Attributes.IsConforming ? Cpl : code.PrivilegeLevel;
        var fromVirtual8086 = IsVirtual8086;
        if (fromVirtual8086 && level != 0)
            return FailSelector(Vector.GeneralProtection, gate.GateSelector);

        var stack = CurrentStack;
        if (level < Cpl)
        {
            if (!ReadInnerStack(level, out var selector, out var pointer) || !CheckInnerStack(selector, level, out var segment))
                return false;
            stack = new StackCursor(segment, pointer, false, MmuModeAt(level), selector);
        }
        if (gate.GateOffset > code.Limit)
            return Fail(Vector.GeneralProtection, 0);
        if (!MarkAccessed(gate.GateSelector, ref code))
            return false;

        Span<ulong> frame = stackalloc ulong[10];
        var count = 0;
        if (fromVirtual8086)
        {
            frame[count++] = Segments[SegmentIndex.Gs].Selector;
            frame[count++] = Segments[SegmentIndex.Fs].Selector;
            frame[count++] = Segments[SegmentIndex.Ds].Selector;
            frame[count++] = Segments[SegmentIndex.Es].Selector;
        }
        if (level < Cpl)
        {
            frame[count++] = Segments[SegmentIndex.Ss].Selector;
            frame[count++] = R[4];
        }
        frame[count++] = delivery.Flags;
        frame[count++] = Segments[SegmentIndex.Cs].Selector;
        frame[count++] = delivery.ReturnRip;
        if (delivery.ErrorCode is { } error)
            frame[count++] = error;
        var isWide = (gate.Type & 8) != 0;
        if (!PushAll(ref stack, isWide ? 4 : 2, frame[..count]))
            return false;

        if (fromVirtual8086)
        {
            foreach (var index in (ReadOnlySpan<int>)[SegmentIndex.Es, SegmentIndex.Ds, SegmentIndex.Fs, SegmentIndex.Gs])
                Segments[index] = NullSegment(0);
        }
        EnterGate(gate, code, level, stack);
        return true;
    }

    /// <summary>The code segment of a gate's handler.</summary>
    private bool FindHandler(ushort selector, out Descriptor code)
    {
        code = default;
        if (IsNull(selector))
            return Fail(Vector.GeneralProtection, 0);
        if (!ReadDescriptor(selector, Vector.GeneralProtection, out code))
            return false;
        if (!code.Attributes.IsCode || code.PrivilegeLevel > Cpl)
            return FailSelector(Vector.GeneralProtection, selector);
        return code.IsPresent || FailSelector(Vector.SegmentNotPresent, selector);
    }

    private void EnterGate(in Descriptor gate, in Descriptor code, int level, in StackCursor stack)
    {
        var isInterrupt = (gate.Type & 1) == 0;
        Segments[SegmentIndex.Cs] = code.ToSegment((ushort)((gate.GateSelector & ~3) | level));
        Segments[SegmentIndex.Ss] = stack.Segment;
        Rip = gate.GateOffset;
        SetOtherFlags(OtherFlags & ~(ClearedByGates | (isInterrupt ? Rflags.Interrupt : 0)));
        UpdateMode();
        SetStackPointer(stack.Pointer);
    }
}
