using Ringmaster.Cpu.Interpreter.Flags;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Delivery through the interrupt vector table of real mode (SDM 3B 20.1.4), also for redirected INT n of virtual-8086 mode.</summary>
internal unsafe partial class Vcpu
{
    private bool DeliverReal(in Delivery delivery)
    {
        var entry = delivery.Vector * 4u;
        if (entry + 3 > Idtr.Limit)
            return Fail(Vector.GeneralProtection, delivery.GateError);
        return ReadSystem(Idtr.Base + entry, out uint target)
            && EnterRealHandler(delivery, target, (ushort)delivery.Flags,
                OtherFlags & ~(Rflags.Interrupt | Rflags.Trap | Rflags.AlignmentCheck | Rflags.Resume));
    }

    private bool EnterRealHandler(in Delivery delivery, uint target, ushort pushedFlags, uint newFlags)
    {
        var stack = CurrentStack;
        if (!PushAll(ref stack, 2, [pushedFlags, Segments[SegmentIndex.Cs].Selector, delivery.ReturnRip]))
            return false;
        SetStackPointer(stack.Pointer);
        Rip = (ushort)target;
        SetSegment(SegmentIndex.Cs, RealSegment(Segments[SegmentIndex.Cs], (ushort)(target >> 16)));
        SetOtherFlags(newFlags);
        return true;
    }
}
