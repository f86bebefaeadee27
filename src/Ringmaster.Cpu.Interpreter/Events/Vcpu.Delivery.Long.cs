using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Delivery through the 64-bit interrupt descriptor table (SDM 3A 6.14).</summary>
internal unsafe partial class Vcpu
{
    private const uint FirstInterruptStack = 36, FirstPrivilegeStack = 4;

    private bool DeliverLong(in Delivery delivery)
    {
        var entry = delivery.Vector * 16u;
        if (entry + 15 > Idtr.Limit)
            return Fail(Vector.GeneralProtection, delivery.GateError);
        if (!ReadSystem(Idtr.Base + entry, out ulong low) || !ReadSystem(Idtr.Base + entry + 8, out ulong high))
            return false;
        var gate = new Descriptor(low, (uint)high);
        if (!gate.IsSystem || gate.Type is not (DescriptorType.InterruptGate or DescriptorType.TrapGate)
            || (delivery.IsSoftware && gate.PrivilegeLevel < Cpl))
            return Fail(Vector.GeneralProtection, delivery.GateError);
        if (!gate.IsPresent)
            return Fail(Vector.SegmentNotPresent, delivery.GateError);
        if (!FindHandler(gate.GateSelector, out var code))
            return false;
        if (!code.Attributes.IsLong || code.Attributes.IsBig)
            return FailSelector(Vector.GeneralProtection, gate.GateSelector);

        var level = code.Attributes.IsConforming ? Cpl : code.PrivilegeLevel;
        var segment = level < Cpl ? NullStack((ushort)level, level) : Segments[SegmentIndex.Ss];
        var pointer = R[4];
        if (gate.InterruptStack != 0)
        {
            if (!ReadLongStack(FirstInterruptStack + (uint)(gate.InterruptStack - 1) * 8, out pointer))
                return false;
        }
        else if (level < Cpl && !ReadLongStack(FirstPrivilegeStack + (uint)level * 8, out pointer))
        {
            return false;
        }
        if (!IsCanonical(gate.GateOffset))
            return Fail(Vector.GeneralProtection, 0);
        if (!MarkAccessed(gate.GateSelector, ref code))
            return false;

        var stack = new StackCursor(segment, pointer & ~0xFUL, true, MmuModeAt(level), 0);
        Span<ulong> frame =
        [
            Segments[SegmentIndex.Ss].Selector, R[4], delivery.Flags, Segments[SegmentIndex.Cs].Selector, delivery.ReturnRip,
            delivery.ErrorCode.GetValueOrDefault(),
        ];
        if (!PushAll(ref stack, 8, delivery.ErrorCode is null ? frame[..5] : frame))
            return false;
        EnterGate(gate, code, level, stack);
        return true;
    }
}
